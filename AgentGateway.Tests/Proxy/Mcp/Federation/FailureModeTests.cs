using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary><c>failureMode</c>: what a target that fails does to the others.</summary>
public sealed class FailureModeTests
{
    private static readonly Uri Nowhere = new("http://127.0.0.1:1/mcp");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_NoTargets_NoBackends()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several() with { FailOpen = true });

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no backends configured", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("mcp: {port: PORT, targets: []}")]
    [InlineData("mcp: {port: PORT, targets: [], failureMode: failOpen, statefulMode: stateless}")]
    [InlineData("binds: [{port: PORT, listeners: [{routes: [{backends: [{mcp: {targets: []}}]}]}]}]")]
    public async Task Request_ConfiguredListOfTargetsIsEmpty_NoBackends(string configuration)
    {
        await using var gateway = await ConfiguredGateway.StartAsync(configuration.Replace("PORT", $"{ConfiguredGateway.FreePorts(1)[0]}", StringComparison.Ordinal));
        var client = new RawMcpClient(gateway.Client);

        foreach (var method in (string[])["initialize", "tools/list"])
        {
            using var response = await client.PostAsync(RawMcpClient.Request(1, method, "{}"));

            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            Assert.Equal("no backends configured", await response.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Initialize_FailClosedAndOneIsDown_FailsWithoutASession(bool isStateful)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("gone", Nowhere)) with { Stateful = isStateful });

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.False(response.Headers.Contains("mcp-session-id"));
        Assert.StartsWith("failed to send message: upstream call failed: ", await MessageAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_FailClosedAndAProgramIsMissing_SaysWhich()
    {
        await using var a = await StubServer.StartAsync("a");
        var backend = McpTestBackends.Several(("a", a.Endpoint));
        await using var gateway = await TestGateway.StartAsync(backend with { Targets = [.. backend.Targets, new McpStdioTargetSnapshot { Name = "p", Command = "no-such-program-here" }] });

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("failed to start stdio server: no-such-program-here", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_FailClosedAndOneRefuses_ItsAnswerPassesUnchanged()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b", static async (context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer";
            await context.Response.WriteAsync("who are you");
            return true;
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task Initialize_FailOpen_LeavesOutWhoIsDownAlsoAfterARestart()
    {
        await using var a = await StubServer.StartAsync("a");
        var backend = McpTestBackends.Several(("gone", Nowhere), ("a", a.Endpoint)) with { FailOpen = true };
        await using var gateway = await TestGateway.StartAsync(backend);
        var client = new RawMcpClient(gateway.Client);

        var result = await client.InitializeAsync();

        Assert.EndsWith("\n\n[a]\nAsk a.", (string?)result["instructions"], StringComparison.Ordinal);
        Assert.Equal(["a_a-only", "a_shared"], await ToolsAsync(client));
        Assert.True(gateway.Logs.Contains("target gone is left out of the session"));
        using var toNobody = await client.PostAsync(RawMcpClient.Call(1, "gone_tool"));
        Assert.Equal(HttpStatusCode.InternalServerError, toNobody.StatusCode);
        Assert.Equal("failed to send message: target gone could not be set up in this session", await MessageAsync(toNobody));
        await using var replica = await TestGateway.StartAsync(backend);
        Assert.Equal(["a_a-only", "a_shared"], await ToolsAsync(new RawMcpClient(replica.Client) { SessionId = client.SessionId }));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Initialize_FailOpenAndAllAreDown_Fails(bool isStateful)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("x", Nowhere), ("y", Nowhere)) with { FailOpen = true, Stateful = isStateful });

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.StartsWith("failed to send message: ", await MessageAsync(response), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_FailClosedAndOneAnswersWithAnError_ClientGetsItAndNoSession()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b", static (context, arrival) => ErrorAsync(context, arrival, "initialize", -32602, "too old"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.False(response.Headers.Contains("mcp-session-id"));
        Assert.Equal("too old", (string?)Assert.Single(await RawMcpClient.FramesAsync(response))["error"]!["message"]);
    }

    [Theory]
    [InlineData(false, "broken")]
    [InlineData(true, "")]
    public async Task List_OneAnswersWithAnError_FailsOrIsLeftOut(bool isOpen, string error)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b", static (context, arrival) => ErrorAsync(context, arrival, "tools/list", -32000, "broken"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { FailOpen = isOpen });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var answer = (await client.AskAsync(RawMcpClient.Request(5, "tools/list")))[^1];

        Assert.Equal(5, (int?)answer["id"]);
        Assert.Equal(error, (string?)answer["error"]?["message"] ?? "");
        Assert.Equal(isOpen ? ["a_a-only", "a_shared"] : [], answer["result"]?["tools"]!.AsArray().Select(static tool => (string?)tool!["name"]) ?? []);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task List_AllAnswerWithErrors_FirstErrorInTheOrderOfTheTargets(bool isOpen)
    {
        await using var a = await StubServer.StartAsync("a", static (context, arrival) => ErrorAsync(context, arrival, "tools/list", -32000, "broken"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", a.Endpoint)) with { FailOpen = isOpen });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("broken", (string?)(await client.AskAsync(RawMcpClient.Request(5, "tools/list")))[^1]["error"]!["message"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task List_OneBreaksOff_FailsOrIsLeftOut(bool isOpen)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b", static async (context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/list")
            {
                return false;
            }

            await RecordingUpstream.StreamAsync(context, ": nothing\n\n");
            return true;
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { FailOpen = isOpen });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(5, "tools/list"));

        Assert.Equal(isOpen ? HttpStatusCode.OK : HttpStatusCode.InternalServerError, response.StatusCode);
        if (isOpen)
        {
            Assert.Equal(2, (await RawMcpClient.FramesAsync(response))[^1]["result"]!["tools"]!.AsArray().Count);
        }
        else
        {
            Assert.Equal("failed to send message: upstream closed the stream before it answered", await MessageAsync(response));
        }
    }

    [Theory]
    [InlineData(false, HttpStatusCode.TooManyRequests)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task List_OneRefuses_StatusPassesOrIsLeftOut(bool isOpen, HttpStatusCode status)
    {
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StubServer.StartAsync("b", static (context, arrival) =>
        {
            var isList = (string?)arrival.Message?["method"] == "tools/list";
            context.Response.StatusCode = isList ? 429 : 200;
            return Task.FromResult(isList);
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { FailOpen = isOpen });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(5, "tools/list"));

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task List_OneDoesNotOfferIt_HasTheOthersItems()
    {
        await using var a = await StubServer.StartAsync("a", static (context, arrival) => ErrorAsync(context, arrival, "prompts/list", -32601, "Method not found"), capabilities: """{"tools":{}}""");
        await using var b = await StubServer.StartAsync("b");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var prompts = (await client.AskAsync(RawMcpClient.Request(5, "prompts/list")))[^1]["result"]!["prompts"]!.AsArray();

        Assert.Equal(["b_b-prompt", "b_hello"], prompts.Select(static prompt => (string?)prompt!["name"]));
    }

    [Fact]
    public async Task List_FailOpenAndOneDoesNotAnswer_AnswersWithoutItInTime()
    {
        const string Notice = "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/message\",\"params\":{\"data\":\"here\"}}\n\n";
        var time = new FakeTimeProvider();
        using var goOn = new SemaphoreSlim(0);
        await using var a = await StubServer.StartAsync("a", static async (context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/list")
            {
                return false;
            }

            await RecordingUpstream.StreamAsync(context, Notice + "data: {\"jsonrpc\":\"2.0\",\"id\":3,\"result\":{\"tools\":[{\"name\":\"t\"}]}}\n\n");
            return true;
        });
        await using var b = await StubServer.StartAsync("b", async (context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/list")
            {
                return false;
            }

            // Notices, but no answer.
            context.Response.ContentType = "text/event-stream";
            while (true)
            {
                await goOn.WaitAsync(context.RequestAborted);
                await context.Response.WriteAsync(Notice, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { FailOpen = true }, time: time);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var response = await client.PostAsync(RawMcpClient.Request(3, "tools/list"));
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);

        // Targets are read in turn, so the first one's answer is behind its notice, and before the second of the other.
        for (var i = 0; i < 3; i++)
        {
            Assert.True(await frames.MoveNextAsync());
            Assert.Equal("notifications/message", (string?)frames.Current["method"]);
            goOn.Release();
        }

        time.Advance(TimeSpan.FromSeconds(31));

        do
        {
            Assert.True(await frames.MoveNextAsync());
        }
        while (frames.Current["result"] is null);
        Assert.Equal("a_t", (string?)Assert.Single(frames.Current["result"]!["tools"]!.AsArray())!["name"]);
    }

    [Fact]
    public async Task Process_EndsWithFailOpen_OthersGoOn()
    {
        await using var a = await StubServer.StartAsync("a");
        var backend = McpTestBackends.Several(("a", a.Endpoint)) with { FailOpen = true };
        await using var gateway = await TestGateway.StartAsync(backend with { Targets = [.. backend.Targets, McpTestBackends.StdioTarget("p")] });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var crashed = await client.PostAsync(RawMcpClient.Call(1, "p_crash"));
        Assert.Contains("-32603", await crashed.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);

        Assert.Equal("a shared", await client.CallAsync("a_shared"));
        Assert.Equal(["a_a-only", "a_shared"], await ToolsAsync(client));
    }

    [Fact]
    public async Task Process_EndsWithFailClosed_SessionIsOver()
    {
        await using var a = await StubServer.StartAsync("a");
        var backend = McpTestBackends.Several(("a", a.Endpoint));
        await using var gateway = await TestGateway.StartAsync(backend with { Targets = [.. backend.Targets, McpTestBackends.StdioTarget("p")] });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var crashed = await client.PostAsync(RawMcpClient.Call(1, "p_crash"));
        await crashed.Content.ReadAsStringAsync(Cancellation);

        HttpStatusCode status;
        do
        {
            using var later = await client.PostAsync(RawMcpClient.Call(2, "a_shared"));
            status = later.StatusCode;
        }
        while (status is HttpStatusCode.OK or HttpStatusCode.InternalServerError);
        Assert.Equal(HttpStatusCode.NotFound, status);
    }

    private static async Task<bool> ErrorAsync(HttpContext context, RecordingUpstream.Arrival arrival, string method, int code, string message)
    {
        if ((string?)arrival.Message?["method"] != method)
        {
            return false;
        }

        context.Response.ContentType = "application/json";
        await context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{arrival.Message["id"]!.ToJsonString()}}},"error":{"code":{{{code}}},"message":"{{{message}}}"}}""");
        return true;
    }

    private static async Task<IEnumerable<string?>> ToolsAsync(RawMcpClient client) =>
        (await client.AskAsync(RawMcpClient.Request(3, "tools/list")))[^1]["result"]!["tools"]!.AsArray().Select(static tool => (string?)tool!["name"]);

    private static async Task<string?> MessageAsync(HttpResponseMessage response) =>
        (string?)JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!["message"];
}
