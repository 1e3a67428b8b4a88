using System.Text;
using System.Text.Json.Nodes;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>Spans, access log, metrics and authorization with several targets.</summary>
public sealed class TelemetryTests
{
    private static readonly TracingSnapshot SampleAll = new() { Endpoint = new Uri("http://127.0.0.1:1"), RandomSampling = new SamplingRule(1) };

    [Fact]
    public async Task Spans_OneForEachTargetThatWasAsked()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(
            TestGateway.OneRoute(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint))) with { Tracing = SampleAll });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        await client.AskAsync(RawMcpClient.Request(1, "tools/list"));
        await client.CallAsync("b_shared");

        await gateway.StopAsync();
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await gateway.Host.Services.Telemetry.WriteTracesAsync(context);
        JsonNode[] spans = [.. JsonNode.Parse(Encoding.UTF8.GetString(body.ToArray()))!.AsArray().OrderBy(static trace => (string?)trace!["startTime"], StringComparer.Ordinal).Select(static trace => trace!["spans"]![0]!)];

        Assert.Equal(
            ["initialize a,initialize b", "notifications/initialized a,notifications/initialized b", "tools/list a,tools/list b", "tools/call b_shared"],
            spans.Select(static span => string.Join(',', span["children"]!.AsArray().Select(static child => (string?)child!["name"]))));
        Assert.Equal(["a", "b"], spans[2]["children"]!.AsArray().Select(static child => (string?)child!["attributes"]!["mcp.target"]));
        Assert.Null(spans[2]["attributes"]!["mcp.target"]);
        Assert.Equal("b", (string?)spans[3]["attributes"]!["mcp.target"]);
        Assert.Equal("shared", (string?)spans[3]["attributes"]!["gen_ai.tool.name"]);
        Assert.Contains(
            (string)spans[2]["children"]![0]!["spanId"]!, a.Posts("tools/list")[0].Headers["traceparent"], StringComparison.Ordinal);
        Assert.Contains((string)spans[2]["children"]![1]!["spanId"]!, (string?)b.Posts("tools/list")[0].Message!["params"]!["_meta"]!["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rules_SeveralTargets_HideWhatTheyDoNotAllow()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with
        {
            Policies =
            [
                new McpAuthorizationPolicy
                {
                    Rules =
                    [
                        Deny("mcp.tool.target == 'a' && mcp.tool.name == 'shared'"),
                        Deny("mcp.prompt.name == 'hello'"),
                        Deny("mcp.resource.target == 'b' && mcp.resource.name.startsWith('ui:')"),
                        Deny("mcp.task.target == 'a'"),
                    ],
                },
            ],
        });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var tools = await ListAsync(client, "tools/list", "tools");
        Assert.Equal(["a_a-only", "b_b-only", "b_shared"], tools.Select(static tool => (string?)tool!["name"]));
        Assert.Equal("{}", tools[2]!["_meta"]!["ui"]!.ToJsonString());
        Assert.Equal(["a_a-prompt", "b_b-prompt"], (await ListAsync(client, "prompts/list", "prompts")).Select(static prompt => (string?)prompt!["name"]));
        Assert.Equal(
            ["a+memo://one", "ui://a+app/page", "bare", "b+memo://one", "bare"],
            (await ListAsync(client, "resources/list", "resources")).Select(static resource => (string?)resource!["uri"]));
        await AssertUnknownAsync(client, "tools/call", """{"name":"a_shared"}""", "Unknown tool: a_shared");
        await AssertUnknownAsync(client, "prompts/get", """{"name":"b_hello"}""", "Unknown prompt: b_hello");
        await AssertUnknownAsync(client, "resources/read", """{"uri":"ui://b+app/page"}""", "Unknown resource: ui://b+app/page");
        await AssertUnknownAsync(client, "tasks/get", """{"taskId":"a+1"}""", "Unknown task: a+1");
    }

    private static AuthorizationRule Deny(string expression) => new(AuthorizationRuleKind.Deny, new Expression(expression));

    private static async Task<JsonArray> ListAsync(RawMcpClient client, string method, string member) =>
        (await client.AskAsync(RawMcpClient.Request(3, method)))[^1]["result"]![member]!.AsArray();

    private static async Task AssertUnknownAsync(RawMcpClient client, string method, string parameters, string message)
    {
        using var response = await client.PostAsync(RawMcpClient.Request(7, method, parameters));
        Assert.Equal(System.Net.HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!["error"]!;
        Assert.Equal((-32602, message), ((int)error["code"]!, (string?)error["message"]));
    }
}
