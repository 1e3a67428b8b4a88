using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class McpAuthorizationTests
{
    private const string Tools = """{"tools":[{"name":"echo","inputSchema":{"type":"object"},"x": 1},{"name":"admin"},{"title":"nameless"},{"name":"add"}],"nextCursor":"c"}""";
    private const string Resources = """{"resources":[{"uri":"file:///a","name":"a"},{"uri":"file:///secret","name":"b"}]}""";

    [Theory]
    [InlineData(McpPrefixMode.Conditional, "echo,add")]
    [InlineData(McpPrefixMode.Always, "remote_echo,remote_add")]
    public async Task List_Rules_LeaveOutWhatTheyDoNotAllow(McpPrefixMode prefixMode, string names)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(upstream, prefixMode, Allow("mcp.tool.name in ['echo', 'add'] && mcp.tool.target == 'remote'")));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var result = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!;
        var resources = (await client.AskAsync(RawMcpClient.Request(2, "resources/list")))[^1]["result"]!;

        Assert.Equal(names, string.Join(',', result["tools"]!.AsArray().Select(tool => (string?)tool!["name"])));
        Assert.Equal("c", (string?)result["nextCursor"]);
        Assert.Equal(1, (int?)result["tools"]![0]!["x"]);
        Assert.Empty(resources["resources"]!.AsArray());
    }

    [Fact]
    public async Task List_DenyRule_LeavesTheRest()
    {
        await using var upstream = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(
            Backend(upstream, McpPrefixMode.Conditional, new AuthorizationRule(AuthorizationRuleKind.Deny, new Expression("mcp.resource.name.endsWith('secret')"))));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var resources = (await client.AskAsync(RawMcpClient.Request(2, "resources/list")))[^1]["result"]!;
        var tools = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!;

        Assert.Equal(["file:///a"], resources["resources"]!.AsArray().Select(resource => (string?)resource!["uri"]));
        Assert.Equal(4, tools["tools"]!.AsArray().Count);
    }

    [Theory]
    [InlineData(McpPrefixMode.Conditional, "tools/call", """{"name":"admin"}""", "Unknown tool: admin")]
    [InlineData(McpPrefixMode.Always, "tools/call", """{"name":"remote_admin"}""", "Unknown tool: remote_admin")]
    [InlineData(McpPrefixMode.Conditional, "prompts/get", """{"name":"p"}""", "Unknown prompt: p")]
    [InlineData(McpPrefixMode.Conditional, "resources/read", """{"uri":"file:///a"}""", "Unknown resource: file:///a")]
    public async Task Call_NotAllowed_IsAnsweredAsUnknown(McpPrefixMode prefixMode, string method, string parameters, string message)
    {
        await using var upstream = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(upstream, prefixMode, Allow("mcp.tool.name == 'echo'")));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(7, method, parameters));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        Assert.Equal((7, -32602, message), ((int)error["id"]!, (int)error["error"]!["code"]!, (string?)error["error"]!["message"]));
        Assert.Empty(upstream.Posts(method));
    }

    [Fact]
    public async Task Call_AllowedByRequestHeader_Passes()
    {
        await using var upstream = await StartAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(upstream, McpPrefixMode.Conditional, Allow("mcp.tool.name == 'echo' && request.headers['mcp-session-id'] != ''")));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("ok", await client.CallAsync("echo"));
    }

    private static AuthorizationRule Allow(string expression) => new(AuthorizationRuleKind.Allow, new Expression(expression));

    private static McpBackendSnapshot Backend(RecordingUpstream upstream, McpPrefixMode prefixMode, params AuthorizationRule[] rules) =>
        McpTestBackends.Http(upstream.Endpoint) with { PrefixMode = prefixMode, Policies = [new McpAuthorizationPolicy { Rules = [.. rules] }] };

    private static Task<RecordingUpstream> StartAsync() => RecordingUpstream.StartLegacyAsync((context, arrival) =>
        RecordingUpstream.AnswerAsync(context, arrival, (string?)arrival.Message?["method"] switch
        {
            "tools/list" => Tools,
            "resources/list" => Resources,
            _ => """{"content":[{"type":"text","text":"ok"}]}""",
        }));
}
