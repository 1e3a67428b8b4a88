using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>An HTTP server with a few tools, prompts and resources of its own; each answer can be replaced.</summary>
internal static class StubServer
{
    public const string AllCapabilities = """{"tools":{"listChanged":true},"prompts":{},"resources":{"subscribe":true},"logging":{}}""";

    /// <summary>Starts a server that says its name in whatever it answers.</summary>
    /// <param name="name">Its name, also its session identifier.</param>
    /// <param name="version">Revision that it agrees on.</param>
    /// <param name="capabilities">What it declares.</param>
    /// <param name="answer">Answers a message and returns true, or returns false to leave it to the stub.</param>
    public static Task<RecordingUpstream> StartAsync(
        string name, Func<HttpContext, RecordingUpstream.Arrival, Task<bool>>? answer = null, string version = "2025-11-25", string capabilities = AllCapabilities) =>
        RecordingUpstream.StartAsync(async (context, arrival) =>
        {
            if (answer is not null && await answer(context, arrival))
            {
                return;
            }

            var method = (string?)arrival.Message?["method"];
            if (arrival.Method == "DELETE")
            {
                return;
            }

            if (arrival.Method == "GET")
            {
                context.Response.StatusCode = 405;
                return;
            }

            if (arrival.Message!["id"] is null || method is null)
            {
                context.Response.StatusCode = 202;
                return;
            }

            if (method == "initialize")
            {
                context.Response.Headers["mcp-session-id"] = $"session-{name}";
            }

            var parameters = arrival.Message["params"];
            await RecordingUpstream.AnswerAsync(context, arrival, method switch
            {
                "initialize" => $$"""{"protocolVersion":"{{version}}","capabilities":{{capabilities}},"serverInfo":{"name":"{{name}}","version":"1"},"instructions":"Ask {{name}}."}""",
                "tools/list" => Page(parameters, "tools", $$"""{"name":"{{name}}-only","inputSchema":{"type":"object"},"x":1}""", """{"name":"shared","_meta":{"ui":{"resourceUri":"ui://app/page"},"ui/resourceUri":"ui:\/\/app/page"}}"""),
                "prompts/list" => $$"""{"prompts":[{"name":"{{name}}-prompt"},{"name":"hello"}]}""",
                "resources/list" => """{"resources":[{"uri":"memo://one","name":"one"},{"uri":"ui://app/page","name":"page"},{"uri":"bare","name":"bare"}]}""",
                "resources/templates/list" => """{"resourceTemplates":[{"uriTemplate":"memo://{id}","name":"memo"}]}""",
                "tools/call" or "prompts/get" => $$"""{"content":[{"type":"text","text":"{{name}} {{(string?)parameters!["name"]}}"}]}""",
                "resources/read" => $$"""{"contents":[{"uri":"{{(string?)parameters!["uri"]}}","text":"{{name}}"}]}""",
                "completion/complete" => $$$"""{"completion":{"values":["{{{name}}} {{{(string?)(parameters!["ref"]!["name"] ?? parameters["ref"]!["uri"])}}}"]}}""",
                _ => "{}",
            });
        });

    // Two items on two pages.
    private static string Page(JsonNode? parameters, string member, string first, string second) =>
        (string?)parameters?["cursor"] == "2" ? $$"""{"{{member}}":[{{second}}]}""" : $$"""{"{{member}}":[{{first}}],"nextCursor":"2"}""";
}
