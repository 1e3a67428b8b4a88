using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class HttpTargetTests
{
    private const string TextResult = """{"content":[{"type":"text","text":"ok"}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Initialize_HttpTarget_GivesAnIdThatCarriesTheUpstreamSession()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);

        await client.InitializeAsync();

        var state = JsonNode.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(client.SessionId))!;
        Assert.Equal("mcp", (string?)state["t"]);
        Assert.Equal("remote", (string?)state["s"]![0]!["t"]);
        Assert.Equal("up-1", (string?)state["s"]![0]!["s"]);
        Assert.Equal("/up/mcp", upstream.Posts("initialize")[0].Target);
        Assert.False(upstream.Posts("initialize")[0].Headers.ContainsKey("mcp-session-id"));
        Assert.Equal("up-1", upstream.Posts("notifications/initialized")[0].Headers["mcp-session-id"]);
    }

    [Fact]
    public async Task Initialize_SessionKey_EncryptsTheIdAndResumesFromIt()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        var settings = new StaticSettings { SessionKey = new Secret(new string('a', 64)) };
        var backend = McpTestBackends.Http(upstream.Endpoint);
        await using var gateway = await TestGateway.StartAsync(backend, settings);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        Assert.DoesNotContain("up-1", Encoding.UTF8.GetString(Convert.FromBase64String(client.SessionId!)), StringComparison.Ordinal);

        await using var replica = await TestGateway.StartAsync(backend, settings);
        var elsewhere = new RawMcpClient(replica.Client) { SessionId = client.SessionId };

        Assert.Equal("ok", await elsewhere.CallAsync("x"));
        var forged = new RawMcpClient(replica.Client) { SessionId = "A" + client.SessionId![1..] };
        using var refused = await forged.PostAsync(RawMcpClient.Call(1, "x"));
        Assert.Equal(client.SessionId![0] == 'A' ? HttpStatusCode.OK : HttpStatusCode.NotFound, refused.StatusCode);
    }

    [Fact]
    public async Task Post_Headers_ClientsPassAndTheGatewaysReplace()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var request = client.Post(RawMcpClient.Call(1, "täst"));
        request.Headers.TryAddWithoutValidation("authorization", "Bearer token");
        request.Headers.TryAddWithoutValidation("x-tenant", "blue");
        request.Headers.TryAddWithoutValidation("connection", "x-hop");
        request.Headers.TryAddWithoutValidation("x-hop", "1");
        request.Headers.TryAddWithoutValidation("accept-encoding", "gzip");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        request.Headers.TryAddWithoutValidation("baggage", "a=1");

        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        await RawMcpClient.FramesAsync(response);

        var call = Assert.Single(upstream.Posts("tools/call"));
        Assert.Equal("Bearer token", call.Headers["authorization"]);
        Assert.Equal("blue", call.Headers["x-tenant"]);
        Assert.Equal("2025-11-25", call.Headers["mcp-protocol-version"]);
        Assert.Equal("up-1", call.Headers["mcp-session-id"]);
        Assert.Equal("text/event-stream, application/json", call.Headers["accept"]);
        Assert.Equal("application/json", call.Headers["content-type"]);
        Assert.Equal("tools/call", call.Headers["mcp-method"]);
        Assert.Equal("=?base64?" + Convert.ToBase64String("täst"u8) + "?=", call.Headers["mcp-name"]);
        Assert.Equal(upstream.Endpoint.Authority, call.Headers["host"]);
        Assert.False(call.Headers.ContainsKey("x-hop"));
        Assert.False(call.Headers.ContainsKey("accept-encoding"));
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", call.Headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal(call.Headers["traceparent"], (string?)call.Message!["params"]!["_meta"]!["traceparent"]);
        Assert.Equal("a=1", (string?)call.Message!["params"]!["_meta"]!["baggage"]);
        Assert.Equal("a=1", call.Headers["baggage"]);
    }

    [Fact]
    public async Task Post_UpstreamStreamsInOddForms_ClientGetsTheOneForm()
    {
        const string Odd = ":ping\r\n\r\nid: 1\r\ndata:\r\n\r\nevent: message\ndata: {\"jsonrpc\":\"2.0\",\ndata: \"method\":\"notifications/message\",\ndata: \"params\":{\"x\":[1]}}\n\nevent: other\ndata: nothing\n\n"
            + "data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"unknown\":{\"kept\":true}},\"extra\":1}\n\n";
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, _) => RecordingUpstream.StreamAsync(context, Odd));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Call(1, "x"));

        Assert.Equal("no-cache", response.Headers.CacheControl?.ToString());
        Assert.Equal(
            "event: message\ndata: {\"jsonrpc\":\"2.0\", \"method\":\"notifications/message\", \"params\":{\"x\":[1]}}\n\n"
            + "event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"unknown\":{\"kept\":true}},\"extra\":1}\n\n",
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Post_UpstreamSendsStepByStep_EachStepArrivesAtOnce()
    {
        var next = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartLegacyAsync(async (context, _) =>
        {
            await RecordingUpstream.StreamAsync(context, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/progress\",\"params\":{\"progressToken\":1,\"progress\":1}}\n\n");
            await context.Response.Body.FlushAsync();
            await next.Task;
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Call(1, "x"));
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("notifications/progress", (string?)frames.Current["method"]);
        next.SetResult();

        Assert.True(await frames.MoveNextAsync());
        Assert.NotNull(frames.Current["result"]);
        Assert.False(await frames.MoveNextAsync());
    }

    [Fact]
    public async Task Post_UpstreamRefuses_StatusHeadersAndBodyPassUnchanged()
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer resource_metadata=\"http://x/.well-known/oauth-protected-resource\"";
            context.Response.ContentType = "application/problem+json";
            return context.Response.WriteAsync("{\"error\":\"who\"}");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request(1, "initialize", "{}"));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("{\"error\":\"who\"}", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("Bearer resource_metadata=\"http://x/.well-known/oauth-protected-resource\"", response.Headers.WwwAuthenticate.Single().ToString());
    }

    [Fact]
    public async Task Post_UpstreamIsDown_JsonRpcErrorWithTheId()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(new Uri("http://127.0.0.1:1/mcp")));

        using var response = await new RawMcpClient(gateway.Client).PostAsync(RawMcpClient.Request("i", "initialize", "{}"));

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("i", (string?)error["id"]);
        Assert.Equal(-32603, (int?)error["error"]!["code"]);
        Assert.StartsWith("failed to send message: upstream call failed: ", (string?)error["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_UpstreamBreaksOffBeforeTheAnswer_ErrorFrameWithTheId()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, _) => RecordingUpstream.StreamAsync(context, ": nothing\n\n"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var frame = Assert.Single(await client.AskAsync(RawMcpClient.Call(44, "x")));

        Assert.Equal(44, (int?)frame["id"]);
        Assert.Equal(-32603, (int?)frame["error"]!["code"]);
    }

    [Fact]
    public async Task Post_UpstreamBreaksOffWithAnEventId_IsTakenUpAgainBehindIt()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => arrival.Method == "GET"
            ? RecordingUpstream.StreamAsync(context, "id: e2\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{\"late\":true}}\n\n")
            : RecordingUpstream.StreamAsync(context, "id: e1\nretry: 10\ndata:\n\n"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var frame = Assert.Single(await client.AskAsync(RawMcpClient.Call(1, "x")));

        Assert.True((bool?)frame["result"]!["late"]);
        var resumed = upstream.Arrivals.Single(arrival => arrival.Method == "GET");
        Assert.Equal("e1", resumed.Headers["last-event-id"]);
        Assert.Equal("up-1", resumed.Headers["mcp-session-id"]);
    }

    [Fact]
    public async Task Post_UpstreamForgotItsSession_ClientGets404AndTheSessionIsOver()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, _) =>
        {
            context.Response.StatusCode = 404;
            return context.Response.WriteAsync("expired");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var first = await client.PostAsync(RawMcpClient.Call(1, "x"));
        using var second = await client.PostAsync(RawMcpClient.Call(2, "x"));

        Assert.Equal((HttpStatusCode.NotFound, "expired"), (first.StatusCode, await first.Content.ReadAsStringAsync(Cancellation)));
        Assert.Equal((HttpStatusCode.NotFound, "session not found"), (second.StatusCode, await second.Content.ReadAsStringAsync(Cancellation)));
        Assert.Single(upstream.Posts("tools/call"));
    }

    [Fact]
    public async Task Get_UpstreamHasEvents_TheyReachTheClient()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, _) =>
            RecordingUpstream.StreamAsync(context, "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/tools/list_changed\"}\n\n"));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.SendAsync(client.Get());

        Assert.Equal("notifications/tools/list_changed", (string?)Assert.Single(await RawMcpClient.FramesAsync(response))["method"]);
        Assert.Equal("up-1", upstream.Arrivals.Single(arrival => arrival.Method == "GET").Headers["mcp-session-id"]);
    }

    [Fact]
    public async Task Get_UpstreamKnowsNoGet_TheSessionGoesOn()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync(
            (context, arrival) =>
            {
                context.Response.StatusCode = 404;
                return arrival.Method == "GET" ? context.Response.WriteAsync("Cannot GET /up/mcp") : RecordingUpstream.AnswerAsync(context, arrival, TextResult);
            },
            session: null);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var events = await client.SendAsync(client.Get());
        Assert.Equal(HttpStatusCode.NotFound, events.StatusCode);

        using var call = await client.PostAsync(RawMcpClient.Call(1, "x"));

        // Without a session of its own the upstream's 404 says nothing about the client's.
        Assert.Equal((HttpStatusCode.NotFound, true), (call.StatusCode, (await call.Content.ReadAsStringAsync(Cancellation)).Contains("\"ok\"", StringComparison.Ordinal)));
        using var again = await client.PostAsync(RawMcpClient.Call(2, "x"));
        Assert.Contains("\"ok\"", await again.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_UpstreamHasNone_405()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, _) =>
        {
            context.Response.StatusCode = 405;
            return Task.CompletedTask;
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.SendAsync(client.Get());

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET event stream is not supported by any upstream", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Stop_EventStreamIsOpen_ItEndsAndTheResumableUpstreamSessionLives()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync(async (context, _) =>
        {
            await RecordingUpstream.StreamAsync(context, ": open\n\n");
            await context.Response.Body.FlushAsync();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        var settings = new StaticSettings { ConnectionTerminationDeadline = TimeSpan.FromMinutes(30) };
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint), settings);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var events = await client.SendAsync(client.Get());

        await gateway.StopAsync().WaitAsync(TimeSpan.FromSeconds(60), Cancellation);

        Assert.Empty(await RawMcpClient.FramesAsync(events));
        Assert.DoesNotContain(upstream.Arrivals, arrival => arrival.Method == "DELETE");
    }

    [Fact]
    public async Task Delete_Session_EndsTheUpstreamsAndIsNotResumed()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => arrival.Method == "DELETE"
            ? Task.CompletedTask
            : RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var delete = client.Get();
        delete.Method = HttpMethod.Delete;
        delete.Headers.TryAddWithoutValidation("authorization", "Bearer token");

        using var response = await client.SendAsync(delete);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        var end = upstream.Arrivals.Single(arrival => arrival.Method == "DELETE");
        Assert.Equal(("up-1", "Bearer token"), (end.Headers["mcp-session-id"], end.Headers["authorization"]));
        using var later = await client.PostAsync(RawMcpClient.Call(1, "x"));
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
    }

    [Fact]
    public async Task Idle_LongerThanTheTimeToLive_UpstreamSessionIsEnded()
    {
        var ended = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartLegacyAsync((_, arrival) =>
        {
            if (arrival.Method == "DELETE")
            {
                ended.TrySetResult();
            }

            return Task.CompletedTask;
        });
        var time = new FakeTimeProvider();
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint) with { SessionIdleTimeout = TimeSpan.FromMinutes(10) }, time: time);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        time.Advance(TimeSpan.FromMinutes(9));
        Assert.False(ended.Task.IsCompleted);

        // The last request may still be leaving the session, which counts as its last use.
        while (!ended.Task.IsCompleted)
        {
            time.Advance(TimeSpan.FromMinutes(2));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }
    }

    [Fact]
    public async Task Session_OtherBackend_NotFoundEvenWithTheSameTarget()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        await using var gateway = await TestGateway.StartAsync(TestGateway.PrefixRoutes(
            ("/a", McpTestBackends.Http(upstream.Endpoint, key: "/a")),
            ("/b", McpTestBackends.Http(upstream.Endpoint, key: "/b"))));
        var client = new RawMcpClient(gateway.Client, "/a");
        await client.InitializeAsync();
        Assert.Equal("ok", await client.CallAsync("x"));

        using var response = await new RawMcpClient(gateway.Client, "/b") { SessionId = client.SessionId }.PostAsync(RawMcpClient.Call(1, "x"));

        Assert.Equal((HttpStatusCode.NotFound, "session not found"), (response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }

    [Fact]
    public async Task Reload_BackendUnchanged_KeepsTheSession()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, TextResult));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var before = await client.CallAsync("pid");

        await gateway.Host.ApplyAsync(TestGateway.OneRoute(McpTestBackends.Stdio()), Cancellation);
        Assert.Equal(before, await client.CallAsync("pid"));
        await gateway.Host.ApplyAsync(TestGateway.OneRoute(McpTestBackends.Http(upstream.Endpoint)), Cancellation);

        using var response = await client.PostAsync(RawMcpClient.Call(1, "pid"));
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    [Fact]
    public async Task Stateless_Call_HandshakeCallAndEndOfTheUpstreamSession()
    {
        var ended = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) =>
        {
            if (arrival.Method == "DELETE")
            {
                ended.SetResult();
                return Task.CompletedTask;
            }

            return RecordingUpstream.AnswerAsync(context, arrival, TextResult);
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint) with { Stateful = false });
        var client = new RawMcpClient(gateway.Client) { ProtocolVersion = "2025-06-18" };

        using var response = await client.PostAsync(RawMcpClient.Call(1, "x"));

        Assert.False(response.Headers.Contains("mcp-session-id"));
        Assert.Single(await RawMcpClient.FramesAsync(response));
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.Equal(["initialize", "notifications/initialized", "tools/call", null], upstream.Arrivals.Select(arrival => (string?)arrival.Message?["method"]));
        var initialize = upstream.Arrivals[0].Message!;
        Assert.Equal(0, (int?)initialize["id"]);
        Assert.Equal("2025-06-18", (string?)initialize["params"]!["protocolVersion"]);
        Assert.Equal("agentgateway", (string?)initialize["params"]!["clientInfo"]!["name"]);
        Assert.All(upstream.Arrivals.Skip(1), arrival => Assert.Equal("up-1", arrival.Headers["mcp-session-id"]));
    }

    [Theory]
    [InlineData("/.well-known/oauth-protected-resource/mcp?x=1")]
    [InlineData("/.well-known/oauth-authorization-server")]
    public async Task Get_AuthorizationMetadata_IsTheUpstreams(string path)
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, _) =>
        {
            context.Response.Headers["x-from"] = "upstream";
            return context.Response.WriteAsync("{\"resource\":\"r\"}");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));

        using var response = await gateway.Client.GetAsync(new Uri(path, UriKind.Relative), Cancellation);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("{\"resource\":\"r\"}", await response.Content.ReadAsStringAsync(Cancellation));
        Assert.Equal("upstream", response.Headers.GetValues("x-from").Single());
        Assert.Equal(path, upstream.Arrivals.Single().Target);
    }

    [Fact]
    public async Task PrefixAlways_OneTarget_NamesCarryItOutAndLoseItIn()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio() with { PrefixMode = McpPrefixMode.Always });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var tools = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[0]["result"]!;
        var resources = (await client.AskAsync(RawMcpClient.Request(2, "resources/list")))[0]["result"]!["resources"]!.AsArray();

        Assert.Equal(["local_echo", "local_slow"], tools["tools"]!.AsArray().Select(tool => (string?)tool!["name"]));
        Assert.Equal("more", (string?)tools["nextCursor"]);
        Assert.Equal(["local+memo://one", "ui://local+app/page", "bare"], resources.Select(resource => (string?)resource!["uri"]));
        Assert.Equal("hi", await client.CallAsync("local_echo", """{"message":"hi"}"""));
        var read = (await client.AskAsync(RawMcpClient.Request(3, "resources/read", """{"uri":"ui://local+app/page"}""")))[0];
        Assert.Equal("ui://app/page", (string?)read["result"]!["contents"]![0]!["uri"]);
        foreach (var (tool, message) in new[] { ("echo", "invalid resource name"), ("other_echo", "unknown service other") })
        {
            using var refused = await client.PostAsync(RawMcpClient.Call(4, tool));
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            Assert.Contains($"\"code\":-32602,\"message\":\"{message}\"", await refused.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }
}
