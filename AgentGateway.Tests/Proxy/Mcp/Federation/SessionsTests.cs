using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>Clients with a session before several targets.</summary>
public sealed class SessionsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initialize_SeveralTargets_SaysWhatTheyCanDoTogether()
    {
        await using var a = await StubServer.StartAsync("a", version: "2025-06-18", capabilities: """{"tools":{},"extensions":{"x/one":{"v":1}}}""");
        await using var b = await StubServer.StartAsync("b", capabilities: """{"tools":{"listChanged":true},"resources":{"subscribe":true},"completions":{},"extensions":{"x/one":{"v":2},"x/two":{}}}""");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);

        var result = await client.InitializeAsync();

        Assert.Equal("2025-06-18", (string?)result["protocolVersion"]);
        Assert.Equal("agentgateway", (string?)result["serverInfo"]!["name"]);
        Assert.Equal(
            """{"tools":{"listChanged":true},"resources":{"subscribe":true},"completions":{},"extensions":{"x/one":{"v":1},"x/two":{}}}""",
            result["capabilities"]!.ToJsonString());
        Assert.Equal(
            "This server is a gateway to a set of mcp servers. It is responsible for routing requests to the correct server and aggregating the results.\n\n[a]\nAsk a.\n\n[b]\nAsk b.",
            (string?)result["instructions"]);
        var state = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(client.SessionId))!;
        Assert.Equal("""[{"t":"a","s":"session-a"},{"t":"b","s":"session-b"}]""", state["s"]!.ToJsonString());
        Assert.Equal("2025-06-18", a.Posts("notifications/initialized").Single().Headers["mcp-protocol-version"]);
        Assert.Equal("2025-11-25", b.Posts("notifications/initialized").Single().Headers["mcp-protocol-version"]);
        Assert.NotNull(a.Posts("initialize").Single().Message!["params"]!["capabilities"]!["elicitation"]);
    }

    [Fact]
    public async Task Initialize_OneTargetIsAProcess_GivesAUuid()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var gateway = await TestGateway.StartAsync(Backend(a) with { Targets = [.. Backend(a).Targets, McpTestBackends.StdioTarget("local")] });
        var client = new RawMcpClient(gateway.Client);

        await client.InitializeAsync();

        Assert.True(Guid.TryParseExact(client.SessionId, "D", out _));
        Assert.Equal("hi", await client.CallAsync("local_echo", """{"message":"hi"}"""));
        Assert.Equal("a shared", await client.CallAsync("a_shared"));
    }

    [Fact]
    public async Task Lists_SeveralTargets_HaveAllPagesWithPrefixesInTheOrderOfTheTargets()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var tools = await ListAsync(client, "tools");

        Assert.Equal(["a_a-only", "a_shared", "b_b-only", "b_shared"], Names(tools, "tools", "name"));
        Assert.Null(tools["nextCursor"]);
        Assert.Equal(1, (int?)tools["tools"]![0]!["x"]);
        Assert.Equal("ui://a+app/page", (string?)tools["tools"]![1]!["_meta"]!["ui"]!["resourceUri"]);
        Assert.Equal("ui://b+app/page", (string?)tools["tools"]![3]!["_meta"]!["ui/resourceUri"]);
        Assert.Equal(["a_a-prompt", "a_hello", "b_b-prompt", "b_hello"], Names(await ListAsync(client, "prompts"), "prompts", "name"));
        Assert.Equal(
            ["a+memo://one", "ui://a+app/page", "bare", "b+memo://one", "ui://b+app/page", "bare"],
            Names(await ListAsync(client, "resources"), "resources", "uri"));
        Assert.Equal(["a+memo://{id}", "b+memo://{id}"], Names(await ListAsync(client, "resources/templates"), "resourceTemplates", "uriTemplate"));
        Assert.Equal(["tools/list", "tools/list"], a.Posts("tools/list").Select(static arrival => arrival.Headers["mcp-method"]));
    }

    [Theory]
    [InlineData("tools/call", """{"name":"b_with_under_scores"}""", "content", "b with_under_scores")]
    [InlineData("prompts/get", """{"name":"b_hello"}""", "content", "b hello")]
    [InlineData("resources/read", """{"uri":"b+memo://one"}""", "contents", "b")]
    [InlineData("resources/read", """{"uri":"ui://b+app/page"}""", "contents", "b")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt","name":"b_hello"}}""", "completion", "b hello")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/resource","uri":"b+memo://{id}"}}""", "completion", "b memo://{id}")]
    public async Task Request_NamesItsOwner_ReachesItAlone(string method, string parameters, string member, string text)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var result = (await client.AskAsync(RawMcpClient.Request(9, method, parameters)))[^1]["result"]!;

        Assert.Contains($"\"{text}\"", result[member]!.ToJsonString().Replace("\\u002B", "+", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.Empty(a.Posts(method));
        Assert.Equal("session-b", Assert.Single(b.Posts(method)).Headers["mcp-session-id"]);
        Assert.DoesNotContain("b_", b.Posts(method)[0].Body, StringComparison.Ordinal);
        Assert.DoesNotContain("b+", b.Posts(method)[0].Body, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tools/call", """{"name":"shared"}""", "invalid resource name")]
    [InlineData("prompts/get", """{}""", "invalid resource name")]
    [InlineData("tools/call", """{"name":"c_shared"}""", "unknown service c")]
    [InlineData("resources/read", """{"uri":"bare"}""", "invalid resource URI")]
    [InlineData("resources/read", """{"uri":"a+ui://app/page"}""", "invalid resource URI")]
    [InlineData("resources/read", """{"uri":"c+memo://one"}""", "unknown service c")]
    [InlineData("completion/complete", """{"ref":{"type":"ref/prompt"}}""", "invalid resource name")]
    [InlineData("tasks/get", """{"taskId":"1"}""", "invalid task id")]
    public async Task Request_NamesNoOwner_IsRefused(string method, string parameters, string message)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(9, method, parameters));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal((9, -32602, message), await ErrorAsync(response));
    }

    [Fact]
    public async Task Request_UnknownMethod_IsRefused()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(9, "does/not/exist"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal((9, -32603, "failed to send message: method not found: does/not/exist"), await ErrorAsync(response));
    }

    [Fact]
    public async Task PingLevelAndNotices_SeveralTargets_ReachAll()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("{}", Assert.Single(await client.AskAsync(RawMcpClient.Request(1, "ping")))["result"]!.ToJsonString());
        Assert.Equal("{}", Assert.Single(await client.AskAsync(RawMcpClient.Request(2, "logging/setLevel", """{"level":"info"}""")))["result"]!.ToJsonString());
        using var cancelled = await client.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}""");

        Assert.Equal(HttpStatusCode.Accepted, cancelled.StatusCode);
        foreach (var server in new[] { a, b })
        {
            Assert.Single(server.Posts("ping"));
            Assert.Equal("info", (string?)Assert.Single(server.Posts("logging/setLevel")).Message!["params"]!["level"]);
            Assert.Single(server.Posts("notifications/cancelled"));
        }
    }

    [Fact]
    public async Task Call_ServersAskWithTheSameId_EachGetsItsOwnAnswer()
    {
        await using var gateway = await TestGateway.StartAsync(new McpBackendSnapshot
        {
            Key = "/mcp",
            Targets = [McpTestBackends.StdioTarget("one"), McpTestBackends.StdioTarget("two")],
        });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var first = await client.PostAsync(RawMcpClient.Call(1, "one_elicit"));
        using var second = await client.PostAsync(RawMcpClient.Call(2, "two_elicit"));
        await using var ofFirst = RawMcpClient.ReadAsync(first).GetAsyncEnumerator(Cancellation);
        await using var ofSecond = RawMcpClient.ReadAsync(second).GetAsyncEnumerator(Cancellation);
        Assert.True(await ofFirst.MoveNextAsync());
        Assert.True(await ofSecond.MoveNextAsync());
        Assert.Equal("agw_one_s_server-1", (string?)ofFirst.Current["id"]);
        Assert.Equal("agw_two_s_server-1", (string?)ofSecond.Current["id"]);

        using var toSecond = await client.PostAsync("""{"jsonrpc":"2.0","id":"agw_two_s_server-1","result":{"action":"decline"}}""");
        using var toFirst = await client.PostAsync("""{"jsonrpc":"2.0","id":"agw_one_s_server-1","result":{"action":"accept","content":{"name":"Ada"}}}""");
        using var toNobody = await client.PostAsync("""{"jsonrpc":"2.0","id":"server-1","result":{}}""");

        Assert.Equal(HttpStatusCode.Accepted, toFirst.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, toNobody.StatusCode);
        Assert.True(await ofFirst.MoveNextAsync());
        Assert.True(await ofSecond.MoveNextAsync());
        Assert.Contains("Ada", (string?)ofFirst.Current["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
        Assert.Contains("decline", (string?)ofSecond.Current["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_ServerPingsBeforeItAnswers_RoundTripCompletesTheList()
    {
        var ponged = new TaskCompletionSource();
        await using var a = await StubServer.StartAsync("a", async (context, arrival) =>
        {
            if (arrival.Message is { } message && message["method"] is null)
            {
                Assert.Equal("5", message["id"]!.ToJsonString());
                context.Response.StatusCode = 202;
                ponged.TrySetResult();
                return true;
            }

            if ((string?)arrival.Message?["method"] != "prompts/list")
            {
                return false;
            }

            await RecordingUpstream.StreamAsync(context, "data: {\"jsonrpc\":\"2.0\",\"id\":5,\"method\":\"ping\"}\n\n");
            await context.Response.Body.FlushAsync();
            await ponged.Task;
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"prompts\":[{\"name\":\"late\"}]}}\n\n");
            return true;
        });
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(3, "prompts/list"));
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("agw_a_n_5", (string?)frames.Current["id"]);
        using var pong = await client.PostAsync("""{"jsonrpc":"2.0","id":"agw_a_n_5","result":{}}""");

        Assert.True(await frames.MoveNextAsync());
        Assert.Equal(["a_late", "b_b-prompt", "b_hello"], Names(frames.Current["result"]!, "prompts", "name"));
    }

    [Fact]
    public async Task Resume_SameTargets_GoesOnAndOthersDoNot()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var first = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(first.Client);
        await client.InitializeAsync();
        await using var replica = await TestGateway.StartAsync(Backend(a, b));
        await using var reordered = await TestGateway.StartAsync(McpTestBackends.Several(("b", b.Endpoint), ("a", a.Endpoint)));
        await using var fewer = await TestGateway.StartAsync(Backend(a));

        Assert.Equal("b shared", await new RawMcpClient(replica.Client) { SessionId = client.SessionId }.CallAsync("b_shared"));
        foreach (var other in new[] { reordered, fewer })
        {
            using var refused = await new RawMcpClient(other.Client) { SessionId = client.SessionId }.PostAsync(RawMcpClient.Call(1, "b_shared"));
            Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        }
    }

    [Fact]
    public async Task Delete_SeveralTargets_EndsAllUpstreamSessions()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var request = client.Post("");
        request.Method = HttpMethod.Delete;
        request.Content = null;

        using var response = await client.SendAsync(request);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("session-a", Assert.Single(a.Arrivals, static arrival => arrival.Method == "DELETE").Headers["mcp-session-id"]);
        Assert.Equal("session-b", Assert.Single(b.Arrivals, static arrival => arrival.Method == "DELETE").Headers["mcp-session-id"]);
        using var afterwards = await client.PostAsync(RawMcpClient.Call(1, "a_shared"));
        Assert.Equal(HttpStatusCode.NotFound, afterwards.StatusCode);
    }

    [Fact]
    public async Task Expiry_SeveralTargets_EndsAllUpstreamSessions()
    {
        var time = new FakeTimeProvider();
        using var ended = new CountdownEvent(2);
        Task<bool> Count(HttpContext context, RecordingUpstream.Arrival arrival)
        {
            if (arrival.Method == "DELETE")
            {
                ended.Signal();
            }

            return Task.FromResult(false);
        }

        await using var a = await StubServer.StartAsync("a", Count);
        await using var b = await StubServer.StartAsync("b", Count);
        await using var gateway = await TestGateway.StartAsync(Backend(a, b) with { SessionIdleTimeout = TimeSpan.FromMinutes(1) }, time: time);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        // The last request may still be leaving the session, which counts as its last use.
        while (!ended.IsSet)
        {
            time.Advance(TimeSpan.FromMinutes(2));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        Assert.Equal(["session-a", "session-b"], a.Arrivals.Concat(b.Arrivals).Where(static arrival => arrival.Method == "DELETE").Select(static arrival => arrival.Headers["mcp-session-id"]));
    }

    [Fact]
    public async Task Call_TargetLostItsSession_ClientInitializesAnew()
    {
        await using var a = await StubServer.StartAsync("a", static (context, arrival) =>
        {
            var isCall = (string?)arrival.Message?["method"] == "tools/call";
            context.Response.StatusCode = isCall ? 404 : 200;
            return Task.FromResult(isCall);
        });
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(Backend(a, b));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var lost = await client.PostAsync(RawMcpClient.Call(1, "a_shared"));
        using var gone = await client.PostAsync(RawMcpClient.Call(2, "b_shared"));

        Assert.Equal(HttpStatusCode.NotFound, lost.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        Assert.Empty(b.Posts("tools/call"));
    }

    private static McpBackendSnapshot Backend(params RecordingUpstream[] servers) =>
        McpTestBackends.Several([.. servers.Select(static (server, i) => (((char)('a' + i)).ToString(), server.Endpoint))]);

    private static async Task<JsonNode> ListAsync(RawMcpClient client, string kind) => (await client.AskAsync(RawMcpClient.Request(3, $"{kind}/list")))[^1]["result"]!;

    private static IEnumerable<string?> Names(JsonNode result, string list, string member) => result[list]!.AsArray().Select(item => (string?)item![member]);

    private static async Task<(int Id, int Code, string? Message)> ErrorAsync(HttpResponseMessage response)
    {
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        return ((int)error["id"]!, (int)error["error"]!["code"]!, (string?)error["error"]!["message"]);
    }
}
