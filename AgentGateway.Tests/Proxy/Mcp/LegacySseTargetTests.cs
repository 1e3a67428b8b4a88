using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Proxy.Mcp;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>Servers of the older HTTP transport behind the real gateway.</summary>
public sealed class LegacySseTargetTests
{
    private const string TextResult = """{"content":[{"type":"text","text":"ok"}]}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_OneStreamCarriesAllAnswers()
    {
        await using var server = await LegacySseServer.StartAsync(static (server, _, arrival) =>
        {
            if (arrival.Message?["id"] is not null)
            {
                server.Answer(arrival, TextResult);
            }

            return Task.FromResult(false);
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);

        await client.InitializeAsync();

        Assert.True(Guid.TryParse(client.SessionId, out _));
        Assert.Equal("ok", await client.CallAsync("x"));
        Assert.Equal("ok", await client.CallAsync("y"));
        Assert.Single(server.Http.Arrivals, static arrival => arrival.Method == "GET");
        Assert.Equal("/sse", server.Http.Arrivals[0].Target);
        Assert.Equal("text/event-stream", server.Http.Arrivals[0].Headers["accept"]);
        Assert.Equal(["initialize", "notifications/initialized", "tools/call", "tools/call"], server.Posts.Select(static post => (string)post.Message!["method"]!));
        Assert.All(server.Posts, static post => Assert.Equal("/messages?session=1", post.Target));
        using var end = client.Get();
        end.Method = HttpMethod.Delete;
        using var deleted = await client.SendAsync(end);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        await server.StreamEnded.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Call_ProgressRequestsAndLogs_ComeOnItsStream()
    {
        var answered = new TaskCompletionSource<JsonNode>();
        await using var server = await LegacySseServer.StartAsync((server, _, arrival) =>
        {
            switch ((string?)arrival.Message?["method"])
            {
                case "tools/call":
                    server.SendMessage("""{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":"p","progress":1}}""");
                    server.SendMessage("""{"jsonrpc":"2.0","id":77,"method":"elicitation/create","params":{"message":"name?"}}""");
                    break;
                case null:
                    answered.SetResult(arrival.Message!);
                    server.SendMessage("""{"jsonrpc":"2.0","id":1,"result":{"content":[]}}""");
                    break;
            }

            return Task.FromResult(false);
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.PostAsync(RawMcpClient.Request(1, "tools/call", """{"name":"x","_meta":{"progressToken":"p"}}"""));
        var methods = new List<string?>();
        await foreach (var message in RawMcpClient.ReadAsync(response))
        {
            methods.Add((string?)message["method"]);
            if ((string?)message["method"] == "elicitation/create")
            {
                using var sent = await client.PostAsync("""{"jsonrpc":"2.0","id":77,"result":{"action":"accept"}}""");
                Assert.Equal(HttpStatusCode.Accepted, sent.StatusCode);
            }
        }

        Assert.Equal(["notifications/progress", "elicitation/create", null], methods);
        Assert.Equal("accept", (string)(await answered.Task)["result"]!["action"]!);
    }

    [Fact]
    public async Task Events_MessagesWithoutARequest_ComeOnTheEventStream()
    {
        await using var server = await LegacySseServer.StartAsync();
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var events = await client.SendAsync(client.Get());
        Assert.Equal(HttpStatusCode.OK, events.StatusCode);

        server.SendMessage("""{"jsonrpc":"2.0","method":"notifications/tools/list_changed"}""");

        await foreach (var message in RawMcpClient.ReadAsync(events))
        {
            Assert.Equal("notifications/tools/list_changed", (string?)message["method"]);
            break;
        }
    }

    [Fact]
    public async Task Post_AnsweredOnlyWhenDone_DoesNotHoldTheStreamBack()
    {
        var release = new TaskCompletionSource();
        await using var server = await LegacySseServer.StartAsync(async (server, context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/call")
            {
                return false;
            }

            server.Answer(arrival, TextResult);
            await release.Task;
            context.Response.StatusCode = 200;
            return true;
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("ok", await client.CallAsync("x"));
        release.SetResult();
    }

    [Fact]
    public async Task Initialize_ServerRefusesTheStream_ClientGetsItsAnswer()
    {
        await using var server = await RecordingUpstream.StartAsync(static (context, _) =>
        {
            context.Response.StatusCode = 401;
            context.Response.Headers.WWWAuthenticate = "Bearer realm=\"old\"";
            return context.Response.WriteAsync("who are you?");
        });
        await using var gateway = await GatewayAsync(server.Endpoint);

        using var response = await InitializeAsync(gateway);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer realm=\"old\"", response.Headers.WwwAuthenticate.ToString());
        Assert.Equal("who are you?", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData("http://evil.test/messages", "SSE server named an endpoint that is not on the same server")]
    [InlineData("//evil.test/messages", "SSE server named an endpoint that is not on the same server")]
    public async Task Initialize_EndpointElsewhere_GetsNothing(string endpoint, string expected)
    {
        await using var server = await LegacySseServer.StartAsync(endpoint: endpoint);
        await using var gateway = await GatewayAsync(server.Stream);

        using var response = await InitializeAsync(gateway);

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Contains(expected, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(server.Posts);
        await server.StreamEnded.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Initialize_StreamEndsWithoutEndpoint_Fails()
    {
        await using var server = await LegacySseServer.StartAsync(endpoint: null);
        server.End();
        await using var gateway = await GatewayAsync(server.Stream);

        using var response = await InitializeAsync(gateway);

        Assert.Contains("SSE server named no endpoint", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Initialize_NoEndpointInTime_Fails()
    {
        var time = new FakeTimeProvider();
        await using var server = await LegacySseServer.StartAsync(endpoint: null);
        await using var gateway = await GatewayAsync(server.Stream, time: time);

        var waiting = InitializeAsync(gateway);
        while (server.Http.Arrivals.Count == 0)
        {
            await Task.Yield();
        }

        time.Advance(TimeSpan.FromSeconds(31));

        using var response = await waiting;
        Assert.Contains("named no endpoint within 30 s", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stream_Breaks_RequestsFailAndTheSessionIsOver()
    {
        await using var server = await LegacySseServer.StartAsync(static (server, _, arrival) =>
        {
            if ((string?)arrival.Message?["method"] == "tools/call")
            {
                server.End();
            }

            return Task.FromResult(false);
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var broken = await client.PostAsync(RawMcpClient.Call(1, "x"));
        var text = await broken.Content.ReadAsStringAsync(Cancellation);
        using var after = await client.PostAsync(RawMcpClient.Call(2, "x"));

        Assert.True(broken.StatusCode == HttpStatusCode.NotFound || text.Contains("SSE server closed its stream", StringComparison.Ordinal), text);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        Assert.True(gateway.Logs.Contains("SSE server closed its stream"));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(100)]
    [InlineData(McpLimits.ErrorBodyBytes + 1)]
    public async Task Post_ServerForgotTheSession_ClientInitializesAnew(int bodyBytes)
    {
        await using var server = await LegacySseServer.StartAsync(async (_, context, arrival) =>
        {
            if ((string?)arrival.Message?["method"] != "tools/call")
            {
                context.Response.StatusCode = 202;
                return true;
            }

            // The head alone must not decide.
            context.Response.StatusCode = 404;
            await context.Response.Body.FlushAsync();
            await context.Response.WriteAsync(new string('x', bodyBytes));
            return true;
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var refused = await client.PostAsync(RawMcpClient.Call(1, "x"));
        using var after = await client.PostAsync(RawMcpClient.Call(2, "x"));

        Assert.Equal(HttpStatusCode.NotFound, refused.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, after.StatusCode);
        await server.StreamEnded.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Post_Refused_ClientGetsTheStatus()
    {
        await using var server = await LegacySseServer.StartAsync(static (_, context, arrival) =>
        {
            context.Response.StatusCode = (string?)arrival.Message?["method"] == "tools/call" ? 429 : 202;
            return Task.FromResult(true);
        });
        await using var gateway = await GatewayAsync(server.Stream);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var refused = await client.PostAsync(RawMcpClient.Call(1, "x"));

        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
    }

    [Fact]
    public async Task Policies_OfTheTarget_ActOnStreamAndMessages()
    {
        await using var server = await LegacySseServer.StartAsync(endpoint: "?s=1");
        await using var gateway = await GatewayAsync(server.Stream, "{backendAuth: {key: sk-old}}");
        var client = new RawMcpClient(gateway.Client);

        await client.InitializeAsync();

        Assert.All(server.Http.Arrivals, static arrival => Assert.Equal("Bearer sk-old", arrival.Headers["authorization"]));
        Assert.All(server.Posts, static post => Assert.Equal("/sse?s=1", post.Target));
    }

    [Theory]
    [InlineData("stateful", "2025-11-25")]
    [InlineData("stateless", "2025-11-25")]
    [InlineData("stateful", null)]
    public async Task SdkServer_StreamableHttpClient_ListsAndCalls(string mode, string? version)
    {
        await using var server = await SdkServer.StartAsync(HttpServerSessionMode.Stateful, legacySse: true);
        await using var gateway = await GatewayAsync(new Uri(server.Endpoint + "/sse"), more: $"statefulMode: {mode}");
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
            new McpClientOptions { ProtocolVersion = version },
            cancellationToken: Cancellation);

        Assert.Contains(await client.ListToolsAsync(cancellationToken: Cancellation), static tool => tool.Name == "echo");
        var result = await client.CallToolAsync("echo", new Dictionary<string, object?> { ["message"] = "old" }, cancellationToken: Cancellation);

        Assert.Equal("old", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
    }

    private static async Task<HttpResponseMessage> InitializeAsync(TestGateway gateway) => await new RawMcpClient(gateway.Client).PostAsync(
        RawMcpClient.Request(0, "initialize", """{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}"""));

    private static Task<TestGateway> GatewayAsync(Uri stream, string policies = "{}", string more = "", TimeProvider? time = null)
    {
        var result = Configuration.TestLoad.LoadValid(
            $$"""
            mcp:
              port: {{ConfiguredGateway.FreePorts(1)[0]}}
              targets:
              - name: old
                policies: {{policies}}
                sse: {host: "{{stream}}"}
              {{more}}
            """,
            forRuntime: true);
        return TestGateway.StartAsync(result.Snapshot!, result.Settings, time);
    }
}
