using System.Net;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary><c>statefulMode: stateless</c> with several targets.</summary>
public sealed class StatelessTests
{
    [Fact]
    public async Task Call_PrefixedName_InitializesItsTargetAlone()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));

        Assert.Equal("b shared", await new RawMcpClient(gateway.Client).CallAsync("b_shared"));

        await gateway.StopAsync();
        Assert.Empty(a.Arrivals);
        Assert.Equal(["initialize", "notifications/initialized", "tools/call", null], b.Arrivals.Select(static arrival => (string?)arrival.Message?["method"]));
        Assert.Equal(("DELETE", "session-b"), (b.Arrivals[3].Method, b.Arrivals[3].Headers["mcp-session-id"]));
    }

    [Fact]
    public async Task List_AllTargets_AreInitializedAndEnded()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with { Targets = [.. Backend(a, b).Targets, McpTestBackends.StdioTarget("p")] });

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "tools/list"));
        var tools = (await RawMcpClient.FramesAsync(response))[^1]["result"]!["tools"]!.AsArray();

        Assert.Equal(["a_a-only", "a_shared", "b_b-only", "b_shared", "p_echo", "p_slow"], tools.Select(static tool => (string?)tool!["name"]));
        Assert.False(response.Headers.Contains("mcp-session-id"));
        await gateway.StopAsync();
        Assert.Single(a.Arrivals, static arrival => arrival.Method == "DELETE");
        Assert.Single(b.Arrivals, static arrival => arrival.Method == "DELETE");
    }

    [Fact]
    public async Task Initialize_AllTargets_MergedWithoutSubscriptions()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", """{"protocolVersion":"2025-06-18","capabilities":{}}"""));
        var result = Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!;

        Assert.False(response.Headers.Contains("mcp-session-id"));
        Assert.Equal("2025-06-18", (string?)result["protocolVersion"]);
        Assert.Equal("""{"tools":{"listChanged":true},"prompts":{},"resources":{},"logging":{}}""", result["capabilities"]!.ToJsonString());
    }

    [Fact]
    public async Task Notice_HttpTargets_ReachesAll()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with { Targets = [.. Backend(a, b).Targets, McpTestBackends.StdioTarget("p")] });

        using var response = await new RawMcpClient(gateway.Client).PostAsync("""{"jsonrpc":"2.0","method":"notifications/roots/list_changed"}""");

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Single(a.Posts("notifications/roots/list_changed"));
        Assert.Single(b.Posts("notifications/roots/list_changed"));
    }

    private static McpBackendSnapshot Backend(RecordingUpstream a, RecordingUpstream b) =>
        McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { Stateful = false };
}
