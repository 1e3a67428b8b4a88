using System.Text.Json.Nodes;
using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>The spans of calls, as the admin API shows them.</summary>
public sealed class McpTelemetryTests
{
    private static readonly TracingSnapshot SampleAll = new() { Endpoint = new Uri("http://127.0.0.1:1"), RandomSampling = new SamplingRule(1) };

    [Fact]
    public async Task Call_Tool_ServerSpanWithTheClientSpanOfItsTarget()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute(McpTestBackends.Stdio()) with { Tracing = SampleAll });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var meta = JsonNode.Parse(await client.CallAsync("meta"))!;

        var server = (await SpansAsync(gateway)).Single(span => (string?)span["name"] == "tools/call");
        var call = Assert.Single(server["children"]!.AsArray())!;
        Assert.Equal("tools/call local_meta", (string?)call["name"]);
        Assert.EndsWith($"-{call["spanId"]}-01", (string?)meta["traceparent"], StringComparison.Ordinal);
        var attributes = server["attributes"]!;
        Assert.Equal("mcp", (string?)attributes["protocol"]);
        Assert.Equal("tools/call", (string?)attributes["mcp.method.name"]);
        Assert.Equal("local", (string?)attributes["mcp.target"]);
        Assert.Equal("tool", (string?)attributes["mcp.resource.type"]);
        Assert.Equal("meta", (string?)attributes["gen_ai.tool.name"]);
        Assert.Equal(client.SessionId, (string?)attributes["mcp.session.id"]);
        Assert.Equal("local", (string?)call["attributes"]!["mcp.target"]);
        Assert.Equal("tools/call", (string?)call["attributes"]!["mcp.method.name"]);
        Assert.Equal("meta", (string?)call["attributes"]!["gen_ai.tool.name"]);
        Assert.Equal("Mcp", (string?)call["attributes"]!["agentgateway.outbound.subtype"]);
    }

    [Fact]
    public async Task Spans_EachKindOfMessage_IsNamedAndCarriesItsError()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute(McpTestBackends.Stdio()) with { Tracing = SampleAll });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        await client.AskAsync(RawMcpClient.Request(1, "prompts/get", """{"name":"greet"}"""));
        await client.AskAsync(RawMcpClient.Request(2, "resources/read", """{"uri":"memo://one"}"""));
        await client.AskAsync(RawMcpClient.Call(3, "nothing"));
        await client.AskAsync(RawMcpClient.Call(4, "crash"));

        var spans = await SpansAsync(gateway);

        Assert.Equal(
            ["initialize local", "notifications/initialized local", "prompts/get local_greet", "resources/read local", "tools/call local_nothing", "tools/call local_crash"],
            spans.Select(span => (string?)Assert.Single(span["children"]!.AsArray())!["name"]));
        Assert.Equal("greet", (string?)spans[2]["attributes"]!["gen_ai.prompt.name"]);
        Assert.Equal("memo://one", (string?)spans[3]["attributes"]!["mcp.resource.uri"]);
        Assert.Equal("-32602", spans[4]["attributes"]!["mcp.error.code"]!.ToString());
        Assert.Equal("Unknown tool: nothing", (string?)spans[4]["attributes"]!["mcp.error.message"]);
        Assert.Equal("-32603", spans[5]["attributes"]!["mcp.error.code"]!.ToString());
        Assert.Equal("UpstreamFailure", (string?)spans[5]["children"]![0]!["attributes"]!["error.type"]);
    }

    [Fact]
    public async Task Spans_Stateless_HaveNoSessionId()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute(McpTestBackends.Stdio() with { Stateful = false }) with { Tracing = SampleAll });

        await new RawMcpClient(gateway.Client).CallAsync("echo");

        Assert.Null(Assert.Single(await SpansAsync(gateway))["attributes"]!["mcp.session.id"]);
    }

    // Server spans by start time. The record of a request is complete once the gateway has drained.
    private static async Task<List<JsonNode>> SpansAsync(TestGateway gateway)
    {
        await gateway.StopAsync();
        var context = new DefaultHttpContext();
        using var body = new MemoryStream();
        context.Response.Body = body;
        await gateway.Host.Services.Telemetry.WriteTracesAsync(context);
        var traces = JsonNode.Parse(System.Text.Encoding.UTF8.GetString(body.ToArray()))!.AsArray();
        return [.. traces.OrderBy(static trace => (string?)trace!["startTime"], StringComparer.Ordinal).Select(trace => trace!["spans"]![0]!)];
    }
}
