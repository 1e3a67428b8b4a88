using System.Diagnostics;
using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class StdioTargetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initialize_StdioTarget_PassesTheServersResultAndGivesAUuid()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);

        var result = await client.InitializeAsync();

        Assert.Equal("stdio-test", (string?)result["serverInfo"]!["name"]);
        Assert.NotNull(result["clientCapabilitiesSeen"]!["elicitation"]);
        Assert.True(Guid.TryParseExact(client.SessionId, "D", out var id));
        Assert.Equal(4, id.Version);
    }

    [Fact]
    public async Task Call_TextWithLineBreaksAndUnicode_ComesBackUnchanged()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        // Pretty-printed bodies must not break the line protocol of the child.
        var frames = await client.AskAsync("{\n  \"jsonrpc\": \"2.0\",\r\n  \"id\": \"a\\u0062\",\n  \"method\": \"tools/call\",\n  \"params\": {\"name\": \"echo\", \"arguments\": {\"message\": \"zwei\\nZeilen ✓ 😀\"}}\n}");

        Assert.Equal("zwei\nZeilen ✓ 😀", (string?)Assert.Single(frames)["result"]!["content"]![0]!["text"]);
        Assert.Equal("ab", (string?)frames[0]["id"]);
    }

    [Fact]
    public async Task Call_ToolWithProgressLogAndResult_KeepsTheOrderOnTheCallsStream()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var frames = await client.AskAsync(RawMcpClient.Request(3, "tools/call", """{"name":"progress","arguments":{"steps":600},"_meta":{"progressToken":"t"}}"""));

        Assert.Equal(601, frames.Count);
        Assert.Equal(Enumerable.Range(1, 600), frames.Take(600).Select(frame => (int)frame["params"]!["progress"]!));
        Assert.Equal("progressed", (string?)frames[600]["result"]!["content"]![0]!["text"]);
        Assert.Equal("notifications/message", (string?)(await client.AskAsync(RawMcpClient.Call(4, "log")))[0]["method"]);
    }

    [Fact]
    public async Task Call_ServerAsksTheClient_RoundTripCompletesTheCall()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Call(5, "elicit"));
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("elicitation/create", (string?)frames.Current["method"]);
        using var accepted = await client.PostAsync("{\"jsonrpc\":\"2.0\",\"id\":" + frames.Current["id"]!.ToJsonString() + ""","result":{"action":"accept","content":{"name":"Ada"}}}""");

        Assert.Equal(HttpStatusCode.Accepted, accepted.StatusCode);
        Assert.True(await frames.MoveNextAsync());
        Assert.Contains("Ada", (string?)frames.Current["result"]!["content"]![0]!["text"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_ChangeOfTheToolList_ArrivesOnTheEventStream()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var events = await client.SendAsync(client.Get());
        Assert.Equal("text/event-stream", events.Content.Headers.ContentType?.MediaType);

        Assert.Equal("changed", await client.CallAsync("change"));

        await using var frames = RawMcpClient.ReadAsync(events).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", (string?)frames.Current["method"]);
    }

    [Fact]
    public async Task Call_ManyAtOnce_EachGetsItsOwnAnswer()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var answers = await Task.WhenAll(Enumerable.Range(1, 40).Select(async i =>
            (await client.AskAsync(RawMcpClient.Call(i, "echo", $$"""{"message":"m{{i}}"}""")))[^1]));

        Assert.All(answers, answer => Assert.Equal($"m{answer["id"]}", (string?)answer["result"]!["content"]![0]!["text"]));
    }

    [Fact]
    public async Task Call_IdAlreadyUnderWay_IsRefused()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var first = client.AskAsync(RawMcpClient.Call(9, "elicit"));
        using var pending = await client.PostAsync(RawMcpClient.Call(10, "elicit"));

        using var second = await client.PostAsync(RawMcpClient.Call(10, "echo"));

        Assert.Equal(HttpStatusCode.InternalServerError, second.StatusCode);
        Assert.Contains("under way", await second.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.False(first.IsCompleted);
    }

    [Theory]
    [InlineData("crash")]
    [InlineData("garbage")]
    public async Task Call_ServerBreaksOffInMidCall_ClientGetsAnErrorWithItsIdAtOnce(string tool)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        // The promise is one second; the rest is for a busy machine.
        var answer = Assert.Single(await client.AskAsync(RawMcpClient.Call("x1", tool)).WaitAsync(TimeSpan.FromSeconds(30), Cancellation));

        Assert.Equal("x1", (string?)answer["id"]);
        Assert.Equal(-32603, (int?)answer["error"]!["code"]);
    }

    [Fact]
    public async Task Call_ChildIsKilledInMidCall_ErrorThenSessionNotFound()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var child = Process.GetProcessById(int.Parse(await client.CallAsync("pid"), System.Globalization.CultureInfo.InvariantCulture));
        using var call = await client.PostAsync(RawMcpClient.Call(11, "elicit"));
        await using var frames = RawMcpClient.ReadAsync(call).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("elicitation/create", (string?)frames.Current["method"]);

        child.Kill();

        Assert.True(await frames.MoveNextAsync());
        var answer = frames.Current;
        Assert.False(await frames.MoveNextAsync());
        Assert.Equal(11, (int?)answer["id"]);
        Assert.Equal("failed to send message: stdio server was ended by signal 9", (string?)answer["error"]!["message"]);
        using var later = await client.PostAsync(RawMcpClient.Call(12, "echo"));
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
        Assert.Equal("session not found", await later.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Call_StrayOutputBeforeTheAnswer_IsPassedOver()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio("--banner"));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("answered", await client.CallAsync("noise"));
        Assert.True(gateway.Logs.Contains("Welcome to the server!"));
    }

    [Fact]
    public async Task Call_ServerSendsAHundredMegabytesInOneLine_FailsWithoutThemInMemory()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var answer = Assert.Single(await client.AskAsync(RawMcpClient.Call(1, "flood", """{"megabytes":100}""")));

        Assert.Contains("more than", (string?)answer["error"]!["message"], StringComparison.Ordinal);
        Assert.Equal("alive", await client.CallAsync("echo", """{"message":"alive"}"""));
    }

    [Fact]
    public async Task Initialize_NoSuchProgram_SaysWhichAndWhy()
    {
        var backend = new McpBackendSnapshot { Key = "/mcp", Targets = [new McpStdioTargetSnapshot { Name = "local", Command = "no-such-program-here" }] };
        await using var gateway = await TestGateway.StartAsync(backend);

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal(
            "failed to start stdio server: no-such-program-here: no such program, or it is not executable",
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Initialize_ProgramEndsAtOnce_SaysWithWhichCodeAndLogsItsComplaint()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio("--exit"));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.EndsWith("stdio server exited with code 3 before it answered initialize", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        await gateway.StopAsync();
        Assert.True(gateway.Logs.Contains("refusing to start"));
    }

    [Fact]
    public async Task Environment_ClearEnv_ChildSeesOnlyWhatIsConfigured()
    {
        Environment.SetEnvironmentVariable("AGENTGATEWAY_TEST_INHERITED", "yes");
        var target = (McpStdioTargetSnapshot)McpTestBackends.Stdio().Targets[0];
        var variables = new Dictionary<string, string> { ["OWN"] = "own", ["DOTNET_ROOT"] = Environment.GetEnvironmentVariable("DOTNET_ROOT") ?? "" }
            .Where(entry => entry.Value.Length > 0);
        var configured = new EquatableMap<string>(variables.ToDictionary());
        await using var gateway = await TestGateway.StartAsync(TestGateway.PrefixRoutes(
            ("/clear", new McpBackendSnapshot { Key = "/clear", Targets = [target with { ClearEnvironment = true, Environment = configured }] }),
            ("/keep", new McpBackendSnapshot { Key = "/keep", Targets = [target with { Environment = configured }] })));
        var clear = new RawMcpClient(gateway.Client, "/clear");
        var keep = new RawMcpClient(gateway.Client, "/keep");
        await clear.InitializeAsync();
        await keep.InitializeAsync();

        Assert.Equal("own", await clear.CallAsync("env", """{"name":"OWN"}"""));
        Assert.Equal("(unset)", await clear.CallAsync("env", """{"name":"AGENTGATEWAY_TEST_INHERITED"}"""));
        Assert.Equal("yes", await keep.CallAsync("env", """{"name":"AGENTGATEWAY_TEST_INHERITED"}"""));
    }

    [Theory]
    [InlineData("")]
    [InlineData("--stubborn")]
    public async Task Stop_ChildWithAGrandchild_NoneIsLeft(string argument)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio(argument));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var child = int.Parse(await client.CallAsync("pid"), System.Globalization.CultureInfo.InvariantCulture);
        var grandchild = int.Parse(await client.CallAsync("spawn"), System.Globalization.CultureInfo.InvariantCulture);

        await gateway.StopAsync();

        await AssertEndedAsync(child);
        await AssertEndedAsync(grandchild);
    }

    [Fact]
    public async Task Crash_ChildWithAGrandchild_TheGrandchildIsEndedToo()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var grandchild = int.Parse(await client.CallAsync("spawn"), System.Globalization.CultureInfo.InvariantCulture);

        Assert.Single(await client.AskAsync(RawMcpClient.Call(1, "crash")));

        await AssertEndedAsync(grandchild);
    }

    [Fact]
    public async Task Delete_Session_EndsItsProcess()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var child = int.Parse(await client.CallAsync("pid"), System.Globalization.CultureInfo.InvariantCulture);
        using var delete = client.Get();
        delete.Method = HttpMethod.Delete;

        using var response = await client.SendAsync(delete);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await AssertEndedAsync(child);
        using var later = await client.PostAsync(RawMcpClient.Call(12, "echo"));
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
    }

    [Fact]
    public async Task Stateless_Call_GetsAHandshakeAndAProcessOfItsOwn()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio() with { Stateful = false });
        var client = new RawMcpClient(gateway.Client);

        var first = await client.CallAsync("pid");
        var second = await client.CallAsync("pid");

        Assert.NotEqual(first, second);
        using var get = await client.SendAsync(client.Get());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        await AssertEndedAsync(int.Parse(first, System.Globalization.CultureInfo.InvariantCulture));
    }

    [Fact]
    public async Task Call_RequestWithTraceparent_ReachesTheServerInMeta()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var request = client.Post(RawMcpClient.Request(1, "tools/call", """{"name":"meta"}"""));
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.TryAddWithoutValidation("tracestate", "vendor=\"x\"");

        using var response = await client.SendAsync(request);

        var meta = System.Text.Json.Nodes.JsonNode.Parse((string)(await RawMcpClient.FramesAsync(response))[0]["result"]!["content"]![0]!["text"]!)!;
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", (string?)meta["traceparent"], StringComparison.Ordinal);
        Assert.Equal("vendor=\"x\"", (string?)meta["tracestate"]);
    }

    [Fact]
    public async Task Stderr_ManyLines_AreLoggedWithinABudget()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("complained", await client.CallAsync("stderr", """{"lines":5000}"""));
        await gateway.StopAsync();

        Assert.True(gateway.Logs.Contains("complaint 0"));
        Assert.InRange(gateway.Logs.Lines.Count(line => line.Message.Contains("complaint", StringComparison.Ordinal)), 1, 1000);
    }

    private static async Task AssertEndedAsync(int process)
    {
        // The reaper of orphans is another process, so the end is waited for, within a bound.
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var attempt = 0; IsRunning(process); attempt++)
        {
            Assert.True(attempt < 3000, $"process {process} is still there");
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    private static bool IsRunning(int process)
    {
        try
        {
            // A zombie whose parent has not asked for it yet has ended.
            return File.ReadAllText($"/proc/{process}/stat") is var stat && stat[stat.LastIndexOf(')') + 2] != 'Z';
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }
}
