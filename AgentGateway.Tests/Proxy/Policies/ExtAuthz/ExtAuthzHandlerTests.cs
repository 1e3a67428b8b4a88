using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.ExtAuthz.Protocol;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;
using ExtAuthzSettings = AgentGateway.Configuration.Snapshot.Policies.ExtAuthz;
using JwtAuthSettings = AgentGateway.Configuration.Snapshot.Policies.JwtAuth;
using Struct = Google.Protobuf.WellKnownTypes.Struct;
using Value = Google.Protobuf.WellKnownTypes.Value;

namespace AgentGateway.Tests.Proxy.Policies.ExtAuthz;

public sealed class ExtAuthzHandlerTests
{
    private static readonly TestIssuer Issuer = new();

    [Fact]
    public async Task Grpc_Allowed_RequestIsChanged()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse
        {
            Status = new RpcStatus(),
            OkResponse = new OkHttpResponse
            {
                Headers = { Option("x-user", "alice"), Option("x-multi", "b", append: true), Option("content-length", "999") },
                HeadersToRemove = { "x-secret" },
                ResponseHeadersToAdd = { Option("x-decision", "ok") },
                QueryParametersToSet = { new QueryParameter { Key = "tenant", Value = "t 1" } },
                QueryParametersToRemove = { "debug" },
            },
            DynamicMetadata = new Struct { Fields = { ["level"] = Value.ForNumber(3) } },
        });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(authz), Allow("extauthz.level == 3"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/a?debug=1&x=2");
        request.Headers.Add("x-secret", "s");
        request.Headers.Add("x-multi", "a");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("ok", response.Headers.GetValues("x-decision").Single());
        Assert.Equal(("/a?x=2&tenant=t%201", "alice", "a,b", null), (upstream.Last.Target, upstream.Last.Header("x-user"), upstream.Last.Header("x-multi"), upstream.Last.Header("x-secret")));
        Assert.Equal("/envoy.service.auth.v3.Authorization/Check", service.Path);
        var http = service.Seen.Single().Attributes.Request.Http;
        Assert.Equal(("GET", "/a?debug=1&x=2", "http", "s", "GET"), (http.Method, http.Path, http.Scheme, http.Headers["x-secret"], http.Headers[":method"]));
        Assert.Equal("127.0.0.1", service.Seen.Single().Attributes.Source.Address.SocketAddress.Address);
    }

    [Fact]
    public async Task Grpc_AllowedWithHeadersForTheClient_NoneIsLost()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse
        {
            Status = new RpcStatus(),
            OkResponse = new OkHttpResponse
            {
                ResponseHeadersToAdd =
                {
                    Option("Set-Cookie", "a=1"), Option("set-cookie", "b=2"), Option("x-set", "1"), Option("x-set", "2"), Option("x-append", "1", append: true),
                },
            },
        });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.Headers["Set-Cookie"] = "up=1";
            context.Response.Headers["x-set"] = "up";
            context.Response.Headers["x-append"] = "up";
            return Task.CompletedTask;
        });
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(authz));

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(["up=1", "a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));
        Assert.Equal(["1", "2"], response.Headers.GetValues("x-set"));
        Assert.Equal(["up", "1"], response.Headers.GetValues("x-append"));
    }

    [Fact]
    public async Task Grpc_OfABackendThatIsTriedTwice_ClientGetsTheHeadersOfOneAnswer()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse
        {
            Status = new RpcStatus(),
            OkResponse = new OkHttpResponse { ResponseHeadersToAdd = { Option("Set-Cookie", "a=1") } },
        });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var gateway = await PolicyGateway.StartAsync(upstream, [new RetryPolicy { Attempts = 1, Codes = [503] }], [], [Settings(authz)]);

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((2, 2), (service.Seen.Count, upstream.Seen.Count));
        Assert.Equal(["a=1"], response.Headers.GetValues("Set-Cookie"));
    }

    [Fact]
    public async Task Grpc_AllowedWithAHost_UpstreamSeesItInPlaceOfItsOwnName()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus(), OkResponse = new OkHttpResponse { Headers = { Option("Host", "tenant.example") } } });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await Acceptance.ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{Acceptance.ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - policies: {extAuthz: {host: "127.0.0.1:{{authz.Port}}"} }
                  backends: [{host: "localhost:{{upstream.Port}}"}]
            """);

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.OK, "tenant.example"), (response.StatusCode, upstream.Last.Header("Host")));
    }

    [Fact]
    public async Task Grpc_CookiesOnSeveralLines_AreOneLineForTheService()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus() });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(authz));

        using var client = await Backends.RawPeer.ConnectAsync(gateway.Address.Port);
        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nCookie: a=1\r\nCookie: b=2\r\nConnection: close\r\n\r\n");
        await client.ReadHeadAsync();

        Assert.Equal("a=1; b=2", service.Seen.Single().Attributes.Request.Http.Headers["cookie"]);
    }

    [Fact]
    public async Task Grpc_Denied_AnswerOfTheServiceReachesTheClient()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse
        {
            Status = new RpcStatus { Code = 7 },
            DeniedResponse = new DeniedHttpResponse { Status = new HttpStatus { Code = 401 }, Body = "who are you", Headers = { Option("x-why", "no token") } },
        });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(authz));

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("who are you", await Text(response));
        Assert.Equal("no token", response.Headers.GetValues("x-why").Single());
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task Grpc_ValidToken_PayloadIsSentAsEnvoyDoes()
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus(), OkResponse = new OkHttpResponse() });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            new JwtAuthSettings { Providers = [new JwtProvider { Issuer = TestIssuer.Name, Jwks = new Resource { Text = Issuer.Jwks() } }] },
            Settings(authz) with { Protocol = new ExtAuthzProtocol(new ExtAuthzGrpc { Context = new EquatableMap<string>([new("tenant", "t1")]) }, null) });
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { Authorization = new("Bearer", Issuer.Token(DateTimeOffset.UtcNow)) } };

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var attributes = service.Seen.Single().Attributes;
        Assert.Equal("alice", attributes.MetadataContext.FilterMetadata["envoy.filters.http.jwt_authn"].Fields["jwt_payload"].StructValue.Fields["sub"].StringValue);
        Assert.Equal("t1", attributes.ContextExtensions["tenant"]);
    }

    [Theory]
    [InlineData(false, 10, 413)]
    [InlineData(true, 10, 200)]
    [InlineData(false, 100, 200)]
    public async Task Grpc_Body_IsShownUpToTheBoundAndForwardedWhole(bool allowPartial, int max, int status)
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse { Status = new RpcStatus(), OkResponse = new OkHttpResponse() });
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream, Settings(authz) with { IncludeRequestBody = new ExtAuthzBody { MaxRequestBytes = max, AllowPartialMessage = allowPartial } });

        using var response = await gateway.Client.PostAsync("/", new StringContent("hello gateway"), TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 200)
        {
            Assert.Equal("hello gateway"[..Math.Min(max, 13)], service.Seen.Single().Attributes.Request.Http.Body);
            Assert.Equal("hello gateway", upstream.Last.Body);
        }
    }

    [Theory]
    [InlineData(null, 0, 403)]
    [InlineData(false, 503, 503)]
    [InlineData(true, 0, 200)]
    public async Task Grpc_ServiceFails_FailureModeDecides(bool? allow, int deny, int status)
    {
        var service = new GrpcStub<CheckRequest, CheckResponse>(_ => new CheckResponse()) { Status = 14 };
        await using var authz = await TestUpstream.StartAsync(http2: true, map: application => Microsoft.AspNetCore.Builder.RunExtensions.Run(application, service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(authz) with { FailureMode = allow is { } mode ? new ExtAuthzFailureMode(mode, deny) : null });

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal(status, (int)response.StatusCode);
        if (status != 200)
        {
            Assert.Equal("external authorization failed", await Text(response));
        }
    }

    [Fact]
    public async Task Http_Allowed_CopiesHeadersAndReadsMetadata()
    {
        await using var authz = await TestUpstream.StartAsync(context =>
        {
            context.Response.Headers["x-user"] = "alice";
            context.Response.Headers["x-other"] = "not copied";
            return TestUpstream.Json(context, """{"token":"t-1","expires":5}""");
        });
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            Http(authz, new ExtAuthzHttp
            {
                Path = new Expression("'/check' + request.path"),
                Body = new Expression("form.encode({'grant': 'x', 'user': request.headers['x-name']})"),
                IncludeResponseHeaders = ["x-user"],
                AddRequestHeaders = Expressions((":method", "'POST'"), ("content-type", "'application/x-www-form-urlencoded'")),
                Metadata = Expressions(("token", "json(response.body).token"), ("code", "response.code"), ("broken", "json(response.body).missing")),
            }),
            Allow("extauthz.token == 't-1' && extauthz.code == 200"));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/p");
        request.Headers.Add("x-name", "bob");
        request.Headers.Authorization = new("Bearer", "tok");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("alice", null), (upstream.Last.Header("x-user"), upstream.Last.Header("x-other")));
        var asked = authz.Last;
        Assert.Equal(("POST", "/check/p", "Bearer tok", null), (asked.Method, asked.Target, asked.Header("Authorization"), asked.Header("x-name")));
        Assert.Equal(["bob"], asked.Form["user"]);
    }

    [Fact]
    public async Task Http_Refused_AnswerOfTheServiceReachesTheClient()
    {
        await using var authz = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"e":1}""", 418));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Http(authz, new ExtAuthzHttp()));

        using var response = await gateway.Client.GetAsync("/", TestContext.Current.CancellationToken);

        Assert.Equal((418, """{"e":1}"""), ((int)response.StatusCode, await Text(response)));
        Assert.Equal("application/json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Http_UnauthorizedWithRedirect_SendsTheBrowserToLogin()
    {
        await using var authz = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}", 401));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Http(authz, new ExtAuthzHttp { Redirect = new Expression("'/login?to=' + url.encode(request.path)") }));

        using var response = await gateway.Client.GetAsync("/a b", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Found, response.StatusCode);
        Assert.StartsWith("/login?to=", response.Headers.Location!.OriginalString, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Http_Cache_AsksOnceForAKey()
    {
        await using var authz = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"n":1}"""));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream,
            Http(authz, new ExtAuthzHttp { Metadata = Expressions(("n", "json(response.body).n")) }) with
            {
                Cache = new ExtAuthzCache { Key = [new Expression("request.headers['x-key']")], Ttl = new Expression("duration('60s')") },
            },
            Allow("extauthz.n == 1"));

        foreach (var key in (string?[])["a", "a", "b", null, null])
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/");
            if (key is not null)
            {
                request.Headers.Add("x-key", key);
            }

            using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }

        Assert.Equal(4, authz.Seen.Count);
    }

    private static ExtAuthzSettings Settings(TestUpstream service) => new() { Target = new BackendReference { Host = new TargetAddress("127.0.0.1", service.Port) } };

    private static ExtAuthzSettings Http(TestUpstream service, ExtAuthzHttp http) => Settings(service) with { Protocol = new ExtAuthzProtocol(null, http) };

    private static AuthorizationPolicy Allow(string expression) =>
        new() { Rules = [new AuthorizationRule(AuthorizationRuleKind.Allow, new Expression(expression))] };

    private static EquatableMap<Expression> Expressions(params (string Name, string Source)[] entries) =>
        new(entries.Select(entry => KeyValuePair.Create(entry.Name, new Expression(entry.Source))));

    private static HeaderValueOption Option(string key, string value, bool? append = null)
    {
        var option = new HeaderValueOption { Header = new HeaderValue { Key = key, Value = value } };
        if (append is { } told)
        {
            option.Append = told;
        }

        return option;
    }

    private static Task<string> Text(HttpResponseMessage response) => response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
}
