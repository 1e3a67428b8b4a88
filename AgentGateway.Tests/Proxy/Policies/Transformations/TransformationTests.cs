using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Transformations;

public sealed class TransformationTests
{
    [Theory]
    [InlineData("{transformations: {request: {body: 'string(request.body) + \"!\"'}}}", "{}", 413, "request body too large")]
    [InlineData("{}", "{transformations: {request: {body: 'string(request.body) + \"!\"'}}}", 413, "request body too large")]
    [InlineData("{transformations: {response: {body: 'string(response.body) + \"!\"'}}}", "{}", 502, "response body too large")]
    [InlineData("{}", "{transformations: {response: {body: 'string(response.body) + \"!\"'}}}", 502, "response body too large")]
    [InlineData("{transformations: {request: {body: 'size(request.bodyPrefix)'}, response: {body: 'size(response.bodyPrefix)'}}}", "{}", 200, "64")]
    [InlineData("{transformations: {request: {set: {x-size: 'size(request.body)'}}, response: {set: {x-size: 'size(response.body)'}}}}", "{}", 200, null)]
    public async Task Body_LargerThanWhatIsKept_IsNeverLostWithoutAWord(string route, string backend, int status, string? said)
    {
        var large = new string('y', 1000);
        await using var upstream = await TestUpstream.StartAsync(context => TestUpstream.Json(context, large));
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route, backend, more: "frontendPolicies: {http: {maxBufferSize: 64}}");

        using var response = await gateway.PostAsync("/", large);

        Assert.Equal((status, said ?? large), ((int)response.StatusCode, await response.TextAsync()));
        Assert.All(upstream.Seen, request => Assert.Contains(request.Body, (string[])[large, "64"]));
    }

    [Fact]
    public async Task Response_EndlessBodyThatIsReplaced_EndsForTheClientAndTheUpstream()
    {
        var ended = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n");
            try
            {
                while (true)
                {
                    await peer.SendAsync("40\r\n" + new string('z', 64) + "\r\n");
                }
            }
            catch (Exception error) when (error is IOException or System.Net.Sockets.SocketException)
            {
                ended.TrySetResult();
            }
        });
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, "{transformations: {response: {body: 'string(response.body)'}}}", more: "frontendPolicies: {http: {maxBufferSize: 128}}");
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        // Over one connection: the second request has its turn only when the first has ended.
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\nGET /2 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        var first = await client.ReadResponseAsync();
        var second = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 502 ", first.Head, StringComparison.Ordinal);
        Assert.Equal("response body too large", first.Body);
        Assert.StartsWith("HTTP/1.1 502 ", second.Head, StringComparison.Ordinal);
        await ended.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Request_MethodBecomesHead_ClientGetsTheHeadWithoutABody()
    {
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.ContentLength = 7;
            context.Response.Headers["x-up"] = "1";
            return Task.CompletedTask;
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{transformations: {request: {set: {':method': '\"HEAD\"'}}}}");

        using var response = await gateway.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "", "1", "HEAD"), (response.StatusCode, await response.TextAsync(), response.Header("x-up"), upstream.Last.Method));
    }

    [Fact]
    public async Task Response_BodyOfAnUpgrade_StaysWhileHeadersChange()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4));
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{transformations: {response: {set: {x-code: response.code}, body: '\"<\" + string(response.body) + \">\"'}}}");
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var head = await client.ReadHeadAsync();
        await client.SendAsync("ping");

        Assert.StartsWith("HTTP/1.1 101 ", head, StringComparison.Ordinal);
        Assert.Contains("x-code: 101\r\n", head, StringComparison.Ordinal);
        Assert.Equal("echo:ping", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Request_AddSetRemove_ReachTheUpstream()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation
        {
            Add = Map(("x-list", "'b'"), ("x-two", "['1', '2']")),
            Set = Map(("x-path", "request.path"), ("x-number", "1 + 2")),
            Remove = ["x-gone"],
        }));

        using var response = await gateway.GetAsync("/some/path?q=1", ("x-list", "a"), ("x-gone", "secret"), ("x-path", "forged"));

        var seen = await response.TextAsync();
        Assert.Contains("x-list: a\r\nx-list: b\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-two: 1\r\nx-two: 2\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-path: /some/path\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-number: 3\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("forged", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_ExpressionFails_SetRemovesAndAddIsSkipped()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation
        {
            Add = Map(("x-added", "request.headers['missing']")),
            Set = Map(("x-user", "jwt.sub"), ("x-null", "null")),
        }));

        using var response = await gateway.GetAsync("/", ("x-added", "own"), ("x-user", "admin"), ("x-null", "own"));

        var seen = await response.TextAsync();
        Assert.Contains("x-added: own\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-user", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-null", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_PseudoHeaders_ChangeTheRequestLine()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation
        {
            Set = Map((":method", "'PUT'"), (":path", "'/v2' + request.pathAndQuery"), (":authority", "'b.example:81'")),
        }));

        using var response = await gateway.GetAsync("/a?x=1");

        Assert.StartsWith("PUT /v2/a?x=1 HTTP/1.1\r\nHost: b.example:81\r\n", await response.TextAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("x-a", "'a\\r\\nx-evil: 1'", "the value of x-a holds control characters")]
    [InlineData("x-a", "'a\\u0000b'", "the value of x-a holds control characters")]
    [InlineData("x-a", "'a\\nb'", "the value of x-a holds control characters")]
    [InlineData(":path", "'/a b'", ":path is no request target: it starts with a slash and holds visible ASCII only, without #")]
    [InlineData(":path", "'/a#b'", ":path is no request target: it starts with a slash and holds visible ASCII only, without #")]
    [InlineData(":path", "'a'", ":path is no request target: it starts with a slash and holds visible ASCII only, without #")]
    [InlineData(":method", "'GET /x'", ":method is no HTTP method")]
    [InlineData(":authority", "'a/b'", ":authority is no host with an optional port")]
    [InlineData("host", "'a b'", ":authority is no host with an optional port")]
    [InlineData(":scheme", "'ftp'", ":scheme is neither http nor https")]
    public async Task Request_ValueThatWouldBreakTheMessage_IsRefused(string name, string expression, string message)
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation { Set = Map((name, expression)) }));

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Equal("failed to apply filters: transformations: " + message, await response.TextAsync());
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Fact]
    public async Task Request_Replace_GivesAllHeadersAnewAndComesBeforeTheOthers()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation
        {
            Replace = new("{'x-only': request.headers['x-keep'], 'x-more': ['1', '2'], ':path': '/ignored'}"),
            Add = Map(("x-only", "'added'")),
        }));

        using var response = await gateway.GetAsync("/here", ("x-keep", "kept"), ("x-other", "dropped"));

        var seen = await response.TextAsync();
        Assert.StartsWith("GET /here ", seen, StringComparison.Ordinal);
        Assert.Contains("x-only: kept\r\nx-only: added\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-more: 1\r\nx-more: 2\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-other", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("x-keep", seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_Metadata_IsSeenByLaterExpressions()
    {
        await using var gateway = await EchoGateway.StartAsync(new TransformationPolicy
        {
            Request = new Transformation { Metadata = Map(("tier", "'gold'")), Set = Map(("x-tier", "metadata.tier")) },
            Response = new Transformation { Set = Map(("x-back", "metadata.tier + '!'")) },
        });

        using var response = await gateway.GetAsync("/");

        Assert.Contains("x-tier: gold\r\n", await response.TextAsync(), StringComparison.Ordinal);
        Assert.Equal("gold!", response.Header("x-back"));
    }

    [Theory]
    [InlineData("'text'", "text")]
    [InlineData("{'a': 1}", "{\"a\":1}")]
    [InlineData("b'bytes'", "bytes")]
    [InlineData("json(request.body).message", "hello")]
    [InlineData("request.headers['missing']", "")]
    public async Task Request_Body_IsReplaced(string expression, string expected)
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation { Body = new(expression) }));
        using var content = new StringContent("{\"message\":\"hello\"}");

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);

        var seen = await response.TextAsync();
        Assert.Contains($"Content-Length: {expected.Length}\r\n", seen, StringComparison.OrdinalIgnoreCase);
        Assert.EndsWith("\r\n\r\n" + expected, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyIsOnlyRead_PassesUnchanged()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation { Set = Map(("x-model", "json(request.body).model")) }));
        var body = "{\"model\":\"m1\",\"pad\":\"" + new string('x', 100_000) + "\"}";
        using var content = new StringContent(body);

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);

        var seen = await response.TextAsync();
        Assert.Contains("x-model: m1\r\n", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_BodyIsLargerThanTheBound_PassesWholeAndTheExpressionFails()
    {
        await using var gateway = await EchoGateway.StartAsync(OfRequest(new Transformation { Set = Map(("x-size", "size(request.body)")) }));
        var body = new string('y', (3 * 1024 * 1024) + 17);
        using var content = new StringContent(body);

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), content, TestContext.Current.CancellationToken);

        var seen = await response.TextAsync();
        Assert.DoesNotContain("x-size", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\n" + body, seen, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_HeadersAndStatus_AreChanged()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Policies = [OfResponse(new Transformation { Add = Map(("x-list", "'b'")), Set = Map(("x-code", "response.code"), (":status", "response.code + 2u")), Remove = ["server"] })] },
            headers: "x-list: a\r\nserver: leaky\r\n");

        using var response = await gateway.GetAsync("/");

        Assert.Equal(202, (int)response.StatusCode);
        Assert.Equal("a|b", response.Header("x-list"));
        Assert.Equal("200", response.Header("x-code"));
        Assert.Null(response.Header("server"));
    }

    [Fact]
    public async Task Response_Body_IsReplacedByWhatTheUpstreamSaid()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n8\r\n{\"a\":\"x\"\r\n1\r\n}\r\n0\r\n\r\n");
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with
        {
            Policies = [OfResponse(new Transformation { Body = new("{'was': json(response.body).a, 'code': response.code}"), Set = Map(("x-a", "json(response.body).a")) })],
        }));

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("x", response.Header("x-a"));
        Assert.Equal("{\"was\":\"x\",\"code\":200}", await response.TextAsync());
        Assert.Equal(22, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Response_BodyThatIsNotRead_IsReplacedWithoutWaitingForTheUpstream()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nnever whole");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with
        {
            Policies = [OfResponse(new Transformation { Body = new("'short'") })],
        }));

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal("short", await response.TextAsync());
        Assert.Equal(5, response.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task Response_BodyIsLargerThanTheBound_PassesWhole()
    {
        var body = new string('z', (2 * 1024 * 1024) + 100_000);
        await using var upstream = RawUpstream.Answering($"HTTP/1.1 200 OK\r\nContent-Length: {body.Length}\r\n\r\n{body}");
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with
        {
            Policies = [OfResponse(new Transformation { Set = Map(("x-whole", "size(response.body)"), ("x-start", "size(response.bodyPrefix)")) })],
        }));

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Null(response.Header("x-whole"));
        Assert.Equal("2097152", response.Header("x-start"));
        Assert.Equal(body, await response.TextAsync());
    }

    [Theory]
    [InlineData(204, "{transformations: {response: {set: {':status': '\"STATUS\"'}}}}")]
    [InlineData(205, "{transformations: {response: {set: {':status': '\"STATUS\"'}}}}")]
    [InlineData(304, "{transformations: {response: {set: {':status': '\"STATUS\"'}}}}")]
    [InlineData(204, "{transformations: {response: {set: {':status': '\"STATUS\"', x-size: 'string(size(response.body))'}}}}")]
    [InlineData(205, "{transformations: {response: {set: {':status': '\"STATUS\"'}, body: '\"new\"'}}}")]
    [InlineData(304, "{transformations: {response: {set: {':status': '\"STATUS\"'}}}, directResponse: {status: 200, body: text}}")]
    public async Task Response_StatusThatHasNoBody_LosesTheBody(int status, string policies)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntext");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, policies.Replace("STATUS", $"{status}", StringComparison.Ordinal));
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        // The second answer on the connection shows where the first has ended.
        foreach (var _ in (int[])[1, 2])
        {
            await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            var head = await peer.ReadHeadAsync();

            Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
            Assert.DoesNotContain("content-length: 4", head, StringComparison.OrdinalIgnoreCase);
        }
    }

    [Fact]
    public async Task Response_HeadRequest_KeepsTheLengthOfTheUpstream()
    {
        await using var gateway = await EchoGateway.StartAsync(OfResponse(new Transformation { Set = Map(("x-size", "size(response.body)")) }));

        using var response = await gateway.RequestAsync(HttpMethod.Head, "/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Content.Headers.ContentLength > 0);
    }

    [Fact]
    public async Task Response_OfADirectResponse_IsTransformedToo()
    {
        await using var gateway = await EchoGateway.StartAsync(
            new DirectResponse { Status = 200, Body = BodyText.Of("abc") },
            OfResponse(new Transformation { Body = new("string(response.body) + '!'"), Set = Map(("x-b", "'1'")) }),
            new ResponseHeaderModifier(new HeaderModifier { Set = new([new("x-c", "2")]) }));

        using var response = await gateway.GetAsync("/");

        Assert.Equal("abc!", await response.TextAsync());
        Assert.Equal("1", response.Header("x-b"));
        Assert.Equal("2", response.Header("x-c"));
    }

    [Fact]
    public async Task Response_RequestWasRefusedBeforeTheTurnOfThePolicy_IsLeftAlone()
    {
        await using var gateway = await EchoGateway.StartAsync(
            new LocalRateLimits([new LocalRateLimit { MaxTokens = 0, TokensPerFill = 0, FillInterval = TimeSpan.FromHours(1) }]),
            OfResponse(new Transformation { Set = Map(("x-b", "'1'")) }));

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Null(response.Header("x-b"));
    }

    [Fact]
    public async Task Response_RouteBackendAndGateway_ActInThisOrderAfterTheHeaderModifiers()
    {
        var step = (string name) => OfResponse(new Transformation { Add = Map(("x-order", $"'{name}'")) });
        await using var gateway = await EchoGateway.StartAsync(
            route => route with
            {
                Policies = [step("route"), new ResponseHeaderModifier(new HeaderModifier { Add = new([new("x-order", "route-headers")]) })],
                Backends = [route.Backends[0] with { Policies = [step("backend"), new ResponseHeaderModifier(new HeaderModifier { Add = new([new("x-order", "backend-headers")]) })] }],
            },
            listener => listener with { Policies = [step("gateway")] });

        using var response = await gateway.GetAsync("/");

        Assert.Equal("route-headers|backend-headers|route|backend|gateway", response.Header("x-order"));
    }

    [Fact]
    public async Task Response_ValueWithALineBreak_IsRefused()
    {
        await using var gateway = await EchoGateway.StartAsync(OfResponse(new Transformation { Set = Map(("x-a", "'a\\r\\nset-cookie: evil=1'")) }));

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Null(response.Header("set-cookie"));
    }

    [Fact]
    public async Task Request_OfTheGatewayPhase_DecidesTheRoute()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Hostnames = ["inner.example"] },
            listener => listener with { Policies = [OfRequest(new Transformation { Set = Map((":authority", "'inner.example'")) })] });

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Attempt_OfTheBackend_ChangesWhatIsSent()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with
        {
            Backends =
            [
                route.Backends[0] with
                {
                    Policies = [OfRequest(new Transformation { Set = Map((":path", "'/attempt'"), ("x-a", "request.path")), Body = new("'sent'") })],
                },
            ],
        });
        using var content = new StringContent("original");

        using var response = await gateway.Client.PostAsync(new Uri("/client", UriKind.Relative), content, TestContext.Current.CancellationToken);

        var seen = await response.TextAsync();
        Assert.StartsWith("POST /attempt HTTP/1.1\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-a: /client\r\n", seen, StringComparison.Ordinal);
        Assert.EndsWith("\r\n\r\nsent", seen, StringComparison.Ordinal);
    }

    private static TransformationPolicy OfRequest(Transformation transformation) => new() { Request = transformation };

    private static TransformationPolicy OfResponse(Transformation transformation) => new() { Response = transformation };

    private static EquatableMap<Expression> Map(params (string Name, string Expression)[] entries) =>
        new(entries.Select(entry => new KeyValuePair<string, Expression>(entry.Name, new Expression(entry.Expression))));
}
