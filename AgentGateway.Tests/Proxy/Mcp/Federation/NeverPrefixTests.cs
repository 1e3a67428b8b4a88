using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary><c>prefixMode: never</c> with several targets: names stay as they are, owners are looked up.</summary>
public sealed class NeverPrefixTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_NameOfTwoTargets_IsLeftOut(bool isStateful)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with { Stateful = isStateful });
        var client = new RawMcpClient(gateway.Client);
        if (isStateful)
        {
            await client.InitializeAsync();
        }

        var tools = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!.AsArray();
        var prompts = (await client.AskAsync(RawMcpClient.Request(2, "prompts/list")))[^1]["result"]!["prompts"]!.AsArray();
        var resources = (await client.AskAsync(RawMcpClient.Request(3, "resources/list")))[^1]["result"]!["resources"]!.AsArray();

        Assert.Equal(["a-only", "b-only"], tools.Select(static tool => (string?)tool!["name"]));
        Assert.Equal(["a-prompt", "b-prompt"], prompts.Select(static prompt => (string?)prompt!["name"]));
        Assert.Equal("a+memo://one", (string?)resources[0]!["uri"]);
        Assert.Equal(6, resources.Count);
        Assert.True(gateway.Logs.Contains("several targets serve shared"));
    }

    [Theory]
    [InlineData(true, "tools/call", """{"name":"b-only"}""", "content", "b b-only")]
    [InlineData(false, "tools/call", """{"name":"b-only"}""", "content", "b b-only")]
    [InlineData(true, "prompts/get", """{"name":"b-prompt"}""", "content", "b b-prompt")]
    [InlineData(true, "completion/complete", """{"ref":{"type":"ref/prompt","name":"b-prompt"}}""", "completion", "b b-prompt")]
    [InlineData(true, "resources/read", """{"uri":"ui://b+app/page"}""", "contents", "b")]
    public async Task Request_NameOfOneTarget_ReachesItAlone(bool isStateful, string method, string parameters, string member, string text)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with { Stateful = isStateful });
        var client = new RawMcpClient(gateway.Client);
        if (isStateful)
        {
            await client.InitializeAsync();
        }

        var result = Assert.Single(await client.AskAsync(RawMcpClient.Request(9, method, parameters)))["result"]!;

        Assert.Contains($"\"{text}\"", result[member]!.ToJsonString(), StringComparison.Ordinal);
        Assert.Empty(a.Posts(method));
        Assert.Single(b.Posts(method));
    }

    [Theory]
    [InlineData("tools/call", "shared", "tool shared is served by multiple targets")]
    [InlineData("tools/call", "nothing", "unknown tool nothing")]
    [InlineData("prompts/get", "hello", "prompt hello is served by multiple targets")]
    [InlineData("prompts/get", "nothing", "unknown prompt nothing")]
    public async Task Request_NameOfNoneOrSeveral_IsRefused(string method, string name, string message)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(9, method, $$"""{"name":"{{name}}"}"""));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal((9, -32602, message), ((int)error["id"]!, (int)error["error"]!["code"]!, (string?)error["error"]!["message"]));
        Assert.Empty(a.Posts(method));
    }

    [Fact]
    public async Task Call_OneOwnerIsHiddenFromTheClient_ReachesTheOther()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with
        {
            Policies = [new McpAuthorizationPolicy { Rules = [new AuthorizationRule(AuthorizationRuleKind.Deny, new Expression("mcp.tool.target == 'a'"))] }],
        });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var tools = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!.AsArray();

        Assert.Equal(["b-only", "shared"], tools.Select(static tool => (string?)tool!["name"]));
        Assert.Equal("b shared", await client.CallAsync("shared"));
        using var hidden = await client.PostAsync(RawMcpClient.Call(2, "a-only"));
        Assert.Equal(HttpStatusCode.BadRequest, hidden.StatusCode);
        Assert.Empty(a.Posts("tools/call"));
    }

    [Theory]
    [InlineData(64, HttpStatusCode.OK)]
    [InlineData(65, HttpStatusCode.InternalServerError)]
    public async Task Call_OwnerHasManyPages_IsFoundWithinTheBound(int pages, HttpStatusCode status)
    {
        await using var a = await StubServer.StartAsync("a", async (context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/list")
            {
                return false;
            }

            var page = int.Parse((string?)arrival.Message["params"]?["cursor"] ?? "1", System.Globalization.CultureInfo.InvariantCulture);
            await RecordingUpstream.AnswerAsync(context, arrival, $$"""{"tools":[{"name":"t{{page}}"}]{{(page < pages ? $",\"nextCursor\":\"{page + 1}\"" : "")}}}""");
            return true;
        });
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Call(1, "t64"));

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(64, a.Posts("tools/list").Count);
    }

    private static McpBackendSnapshot Backend(RecordingUpstream a, RecordingUpstream b) =>
        McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { PrefixMode = McpPrefixMode.Never };
}
