using AgentGateway.Proxy.Policies.RemoteRateLimit.Protocol;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Microsoft.AspNetCore.Builder;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>Each step of config-mcp 3.1 against its neighbour: which of two policies has its turn first, by what they do to one request.</summary>
public sealed class PolicyStagesTests
{
    private const string Htpasswd = "bob:{SHA}W6ph5Mm5Pz8GgiULbPgzG37mj9g="; // password
    private static readonly TestIssuer Issuer = new();

    public static TheoryData<string, int, string> RouteOrder => new()
    {
        // The earlier of the two refuses the request, or changes what the later sees.
        { $"{{jwtAuth: {{mode: strict, issuer: i, jwks: '{Issuer.Jwks()}'}}, basicAuth: {{mode: strict, htpasswd: '{Htpasswd}'}}}}", 401, "authentication failure: no bearer token found" },
        { $"{{basicAuth: {{mode: strict, htpasswd: '{Htpasswd}'}}, apiKey: {{mode: strict, keys: [{{key: k}}]}}}}", 401, "basic authentication failure: no basic authentication credentials found" },
        { "{apiKey: {mode: strict, keys: [{key: k}]}, extAuthz: {host: 'localhost:1', protocol: {http: {}}}}", 401, "api key authentication failure: no API Key found" },
        { "{extAuthz: {host: 'localhost:1', protocol: {http: {}}}, authorization: {rules: ['false']}}", 403, "external authorization failed" },
        { "{authorization: {rules: ['false']}, localRateLimit: [{maxTokens: 0, tokensPerFill: 0, fillInterval: 1h}]}", 403, "authorization failed" },
        { "{localRateLimit: [{maxTokens: 0, tokensPerFill: 0, fillInterval: 1h}], remoteRateLimit: {host: 'localhost:1', domain: d, descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}}", 429, "rate limit exceeded" },
        { "{remoteRateLimit: {host: 'localhost:1', domain: d, descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}, transformations: {request: {set: {':path': '\"no path\"'}}}}", 500, "rate limit failed" },
        { "{transformations: {request: {set: {':path': '\"no path\"'}}}, csrf: {}}", 500, "failed to apply filters: transformations: :path is no request target: it starts with a slash and holds visible ASCII only, without #" },
        { "{transformations: {request: {set: {origin: '\"http://evil.test\"'}}}, csrf: {}}", 403, "CSRF validation failed" },
        { "{csrf: {}, requestHeaderModifier: {remove: [origin]}, transformations: {request: {set: {origin: '\"http://evil.test\"'}}}}", 403, "CSRF validation failed" },
        { "{urlRewrite: {path: {full: /new}}, requestRedirect: {}}", 302, "http://gateway.test/new" },
        { "{requestHeaderModifier: {set: {host: other.test}}, requestRedirect: {}}", 302, "http://other.test/" },
        { "{requestRedirect: {}, delay: {duration: 24h}}", 302, "http://gateway.test/" },
        { "{requestRedirect: {}, directResponse: {status: 204}}", 302, "http://gateway.test/" },
        { "{requestHeaderModifier: {set: {x-a: modifier}}, transformations: {request: {set: {x-a: '\"transformation\"'}}}, directResponse: {status: 200, bodyExpression: 'request.headers[\"x-a\"]'}}", 200, "modifier" },
    };

    [Theory]
    [MemberData(nameof(RouteOrder))]
    public async Task RoutePhase_TwoPolicies_TheEarlierActsFirst(string policies, int status, string said)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, policies);

        using var response = await gateway.PostAsync("/", "", ("Host", "gateway.test"));

        Assert.Equal((status, said), ((int)response.StatusCode, response.Header("Location") ?? await response.TextAsync()));
        Assert.Empty(upstream.Seen);
    }

    public static TheoryData<string, int, string> GatewayOrder => new()
    {
        { $"{{jwtAuth: {{mode: strict, issuer: i, jwks: '{Issuer.Jwks()}'}}, basicAuth: {{mode: strict, htpasswd: '{Htpasswd}'}}}}", 401, "authentication failure: no bearer token found" },
        { $"{{basicAuth: {{mode: strict, htpasswd: '{Htpasswd}'}}, apiKey: {{mode: strict, keys: [{{key: k}}]}}}}", 401, "basic authentication failure: no basic authentication credentials found" },
        { "{apiKey: {mode: strict, keys: [{key: k}]}, extAuthz: {host: 'localhost:1', protocol: {http: {}}}}", 401, "api key authentication failure: no API Key found" },
        { "{extAuthz: {host: 'localhost:1', protocol: {http: {}}}, authorization: {rules: ['false']}}", 403, "external authorization failed" },
        { "{authorization: {rules: ['false']}, transformations: {request: {set: {':path': '\"no path\"'}}}}", 403, "authorization failed" },
        { "{transformations: {request: {set: {x-stage: '\"gateway\"'}}}}", 200, "gateway" },
    };

    [Theory]
    [MemberData(nameof(GatewayOrder))]
    public async Task GatewayPhase_TwoPolicies_TheEarlierActsFirstAndAllBeforeTheRoute(string policies, int status, string said)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, "{directResponse: {status: 200, bodyExpression: 'request.headers[\"x-stage\"]'}}", listener: policies);

        using var response = await gateway.GetAsync("/");

        Assert.Equal((status, said), ((int)response.StatusCode, await response.TextAsync()));
    }

    [Fact]
    public async Task Cors_OfTheGatewayPhase_AnswersThePreflightBeforeTheLoginAndMarksItsRefusal()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, "{}", listener: $"{{cors: {{allowOrigins: ['http://app.test'], allowMethods: [PUT]}}, jwtAuth: {{mode: strict, issuer: i, jwks: '{Issuer.Jwks()}'}}}}");
        using var preflight = new HttpRequestMessage(HttpMethod.Options, "/") { Headers = { { "Origin", "http://app.test" }, { "Access-Control-Request-Method", "PUT" } } };

        using var allowed = await gateway.Client.SendAsync(preflight, TestContext.Current.CancellationToken);
        using var refused = await gateway.GetAsync("/", ("Origin", "http://app.test"));

        Assert.Equal((200, "PUT"), ((int)allowed.StatusCode, allowed.Header("Access-Control-Allow-Methods")));
        Assert.Equal((401, "http://app.test"), ((int)refused.StatusCode, refused.Header("Access-Control-Allow-Origin")));
    }

    [Theory]
    [InlineData("{authorization: {rules: ['false']}, extAuthz: {host: 'localhost:1', protocol: {http: {}}}}", 403, "authorization failed")]
    [InlineData("{extAuthz: {host: 'localhost:1', protocol: {http: {}}}, backendAuth: {oauthTokenExchange: {host: 'localhost:1'}}}", 403, "external authorization failed")]
    [InlineData("{backendAuth: {oauthTokenExchange: {host: 'localhost:1'}}, transformations: {request: {set: {':path': '\"no path\"'}}}}", 500, "backend authentication failed: the request has no token to exchange")]
    [InlineData("{transformations: {request: {set: {':path': '\"no path\"'}}}, requestRedirect: {}}", 500, "failed to apply filters: transformations: :path is no request target: it starts with a slash and holds visible ASCII only, without #")]
    public async Task BackendPhase_TwoPolicies_TheEarlierActsFirst(string policies, int status, string said)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", policies);

        using var response = await gateway.GetAsync("/");

        Assert.Equal((status, said), ((int)response.StatusCode, await response.TextAsync()));
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task BackendPhase_AwsSignature_CoversWhatAllOthersMadeOfTheRequest()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port,
            "{}",
            "{backendAuth: {aws: {accessKeyId: AKIDEXAMPLE, secretAccessKey: s, region: eu-west-1, serviceName: es}, credentials: [{location: {header: {name: x-amz-key}}, key: k}]}, "
            + "transformations: {request: {set: {x-amz-transformed: '\"t\"'}}}, requestHeaderModifier: {set: {x-amz-modified: m}}}");

        using var response = await gateway.GetAsync("/");

        Assert.Contains("SignedHeaders=host;x-amz-date;x-amz-key;x-amz-modified;x-amz-transformed,", upstream.Last.Header("Authorization"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_HeadersThatPoliciesOwe_AreOnErrorsAndDirectResponsesToo()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => new RateLimitResponse
        {
            OverallCode = RateLimitResponse.Types.Code.Ok,
            ResponseHeadersToAdd = { new RateLimitResponse.Types.Header { Key = "x-from-limits", Value = "l" } },
        });
        await using var limits = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        const string Cors = "cors: {allowOrigins: ['http://app.test'], exposeHeaders: [x-a], allowCredentials: true}, localRateLimit: [{maxTokens: 5, tokensPerFill: 1, fillInterval: 1h}]";
        var remote = $"remoteRateLimit: {{host: '127.0.0.1:{limits.Port}', domain: d, descriptors: [{{entries: [{{key: k, value: '\"v\"'}}]}}]}}";
        await using var upstream = await TestUpstream.StartAsync();
        var closed = ConfiguredGateway.FreePorts(1)[0];
        await using var direct = await ConfiguredRoute.StartAsync(upstream.Port, $"{{{Cors}, {remote}, directResponse: {{status: 418}}}}");
        await using var failing = await ConfiguredRoute.StartAsync(closed, $"{{{Cors}, {remote}}}");
        await using var filter = await ConfiguredRoute.StartAsync(upstream.Port, $"{{{Cors}, {remote}, transformations: {{request: {{set: {{':path': '\"no path\"'}}}}}}}}");
        await using var passing = await ConfiguredRoute.StartAsync(upstream.Port, $"{{{Cors}, {remote}}}");

        foreach (var (gateway, status) in ((TestGateway, int)[])[(direct, 418), (failing, 503), (filter, 500), (passing, 200)])
        {
            using var response = await gateway.GetAsync("/", ("Origin", "http://app.test"));

            Assert.Equal(status, (int)response.StatusCode);
            Assert.Equal(
                ("http://app.test", "true", "x-a", "5", "4", "l"),
                (response.Header("Access-Control-Allow-Origin"), response.Header("Access-Control-Allow-Credentials"), response.Header("Access-Control-Expose-Headers"),
                 response.Header("x-ratelimit-limit"), response.Header("x-ratelimit-remaining"), response.Header("x-from-limits")));
        }
    }

    // The most specific of the levels that are set, from the top of this list to its end (config-mcp 3.1, merge rules).
    private static readonly string[] Levels = ["choice", "route", "target", "named", "listener", "gateway"];

    public static TheoryData<int> LevelCounts => [.. Enumerable.Range(0, Levels.Length)];

    [Theory]
    [MemberData(nameof(LevelCounts))]
    public async Task BackendAuth_OnSeveralLevels_TheMostSpecificWins(int first)
    {
        await using var upstream = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"jsonrpc":"2.0","id":1,"result":{}}"""));
        string Auth(string level) => Array.IndexOf(Levels, level) >= first ? $"{{backendAuth: {{key: {level}}}}}" : "{}";
        string Targeted(string level, string name) => Array.IndexOf(Levels, level) < first ? "" : $$"""

            - name: {name: {{level}}, namespace: default}
              target: {gateway: {gatewayName: default, gatewayNamespace: default{{name}} } }
              policy: {{Auth(level)}}
            """;
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - name: web
                routes:
                - name: mcp
                  matches: [{path: {pathPrefix: /mcp} }]
                  policies: {{Auth("route")}}
                  backends:
                  - policies: {{Auth("choice")}}
                    mcp: {targets: [{name: t, mcp: {host: 'http://127.0.0.1:{{upstream.Port}}/mcp'}, policies: {{Auth("target")}} }]}
                - name: plain
                  policies: {{Auth("route")}}
                  backends: [{backend: /named, policies: {{Auth("choice")}} }]
            backends:
            - {name: named, host: '127.0.0.1:{{upstream.Port}}', policies: {{Auth("named")}} }
            {{(first < Levels.Length ? "policies:" : "")}}{{Targeted("listener", ", listenerName: web")}}{{Targeted("gateway", "")}}
            """);

        // A plain backend has no targets, an MCP backend written into the route has no name.
        using var plain = await gateway.GetAsync("/");
        Assert.Equal("Bearer " + Levels.Skip(first).First(level => level != "target"), upstream.Last.Header("Authorization"));
        using var request = new HttpRequestMessage(HttpMethod.Post, "/mcp")
        {
            Content = new StringContent("""{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"c","version":"1"}}}""", null, "application/json"),
        };
        request.Headers.Add("Accept", "application/json, text/event-stream");
        using var mcp = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Equal("Bearer " + Levels.Skip(first).First(level => level != "named"), upstream.Seen.First(seen => seen.Target == "/mcp").Header("Authorization"));
    }
}
