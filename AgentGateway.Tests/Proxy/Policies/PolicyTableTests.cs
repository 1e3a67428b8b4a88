using System.Net;
using AgentGateway.Proxy.Policies;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>The order of policies and the merging of levels (config-mcp 3.1), by what clients and upstreams see of it.</summary>
public sealed class PolicyTableTests
{
    private static readonly TestIssuer Issuer = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public void Steps_OfEachStage_StandInTheOrderOfTheSpecification()
    {
        Assert.Equal(
            "CorsPolicy, OidcPolicy, JwtAuth, BasicAuth, ApiKeyAuth, ExtAuthz, AuthorizationPolicy, TransformationPolicy",
            Steps(PolicyStage.Gateway));
        Assert.Equal(
            "TimeoutPolicy, CorsPolicy, OidcPolicy, JwtAuth, McpAuthentication, BasicAuth, ApiKeyAuth, ExtAuthz, AuthorizationPolicy, RetryPolicy, LocalRateLimits, RemoteRateLimit, "
            + "TransformationPolicy, CsrfPolicy, ResponseHeaderModifier, RequestHeaderModifier, UrlRewrite, RequestRedirect, DelayPolicy, DirectResponse, RequestMirror",
            Steps(PolicyStage.Route));
        Assert.Equal(
            "AuthorizationPolicy, ExtAuthz, BackendAuth, TransformationPolicy, ResponseHeaderModifier, RequestHeaderModifier, RequestRedirect, A2aPolicy, BackendAuth",
            Steps(PolicyStage.Backend));
        static string Steps(PolicyStage stage) => string.Join(", ", PolicyOrder.Steps.Where(step => step.Stage == stage).Select(step => step.Kind.Name));
    }

    [Fact]
    public async Task Cors_PreflightAndRefusals_BypassAuthenticationAndCarryItsHeaders()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $$"""
            policies:
              cors: {allowOrigins: ["https://app.test"], allowMethods: [GET]}
              jwtAuth: {mode: strict, issuer: {{TestIssuer.Name}}, jwks: '{{Issuer.Jwks()}}'}
              localRateLimit: [{maxTokens: 1, tokensPerFill: 1, fillInterval: 1h}]
            """);
        var token = Issuer.Token(DateTimeOffset.UtcNow);

        using var preflight = await SendAsync(gateway, HttpMethod.Options, ("Origin", "https://app.test"), ("Access-Control-Request-Method", "GET"));
        using var refused = await SendAsync(gateway, HttpMethod.Get, ("Origin", "https://app.test"));
        using var first = await SendAsync(gateway, HttpMethod.Get, ("Origin", "https://app.test"), ("Authorization", "Bearer " + token));
        using var limited = await SendAsync(gateway, HttpMethod.Get, ("Origin", "https://app.test"), ("Authorization", "Bearer " + token));

        // Neither the preflight nor the refusal took a token of the bucket.
        Assert.Equal([200, 401, 200, 429], [(int)preflight.StatusCode, (int)refused.StatusCode, (int)first.StatusCode, (int)limited.StatusCode]);
        Assert.All([preflight, refused, first, limited], response => Assert.Equal("https://app.test", response.Header("access-control-allow-origin")));
        Assert.Equal("0", limited.Header("x-ratelimit-remaining"));
        Assert.Null(refused.Header("x-ratelimit-limit"));
    }

    [Fact]
    public async Task RoutePolicies_OnOneRequest_ActInTheirOrder()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, """
            policies:
              directResponse:
                status: 200
                bodyExpression: 'request.headers["x-step"] + " " + request.path + " " + string("x-gone" in request.headers)'
              urlRewrite: {path: {full: /rewritten}}
              requestHeaderModifier: {set: {x-step: modifier}, remove: [x-gone]}
              transformations: {request: {set: {x-step: '"transformation of " + request.path', x-gone: '"1"'}}}
              authorization: {rules: ['request.path == "/original" && !("x-step" in request.headers)']}
            """);

        Assert.Equal("modifier /rewritten false", await gateway.Client.GetStringAsync("/original", Cancelled));
        using var refused = await gateway.GetAsync("/rewritten");
        Assert.Equal(403, (int)refused.StatusCode);
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task BackendPolicies_OnOneAttempt_ActInTheirOrder()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, "", """
            policies:
              requestHeaderModifier: {add: {x-step: modifier}}
              transformations: {request: {set: {x-step: '"transformation"'}}}
              backendAuth: {key: {value: k, location: {header: {name: x-step}}}}
            """);

        using var response = await gateway.GetAsync("/");

        Assert.Equal("transformation,modifier", upstream.Last.Header("x-step")!.Replace(", ", ",", StringComparison.Ordinal));
    }

    [Fact]
    public async Task GatewayPhase_BeforeRouting_SeesRequestsThatNoRouteTakes()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              listeners:
              - policies:
                  authorization: {rules: ['request.path != "/secret"']}
                routes:
                - matches: [{path: {exact: /only} }]
                  policies: {directResponse: {status: 204} }
            """);

        Assert.Equal((403, 404, 204), (await StatusAsync("/secret"), await StatusAsync("/other"), await StatusAsync("/only")));

        async Task<int> StatusAsync(string path)
        {
            using var response = await gateway.GetAsync(path);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task TargetedPolicies_OfGatewayListenerRouteAndInline_TheMoreSpecificWinsAndRulesAddUp()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              listeners:
              - name: web
                routes:
                - name: one
                  matches: [{path: {pathPrefix: /one} }]
                  policies:
                    requestHeaderModifier: {set: {x-level: inline} }
                    directResponse: {status: 200, bodyExpression: 'request.headers["x-level"]'}
                - name: two
                  matches: [{path: {pathPrefix: /two} }]
                  policies: {directResponse: {status: 200, bodyExpression: 'request.headers["x-level"]'} }
                - name: three
                  policies: {directResponse: {status: 200, bodyExpression: 'request.headers["x-level"]'} }
            policies:
            - name: {name: a, namespace: default}
              target: {gateway: {gatewayName: default, gatewayNamespace: default} }
              policy: {requestHeaderModifier: {set: {x-level: gateway} } }
            - name: {name: b, namespace: default}
              target: {gateway: {gatewayName: default, gatewayNamespace: default, listenerName: web} }
              policy: {requestHeaderModifier: {set: {x-level: listener} } }
            - name: {name: c, namespace: default}
              target: {route: {name: two, namespace: default} }
              policy: {requestHeaderModifier: {set: {x-level: route} } }
            - name: {name: d, namespace: default}
              target: {gateway: {gatewayName: default, gatewayNamespace: default} }
              policy: {authorization: {rules: [{deny: 'request.path.contains("x")'}]} }
            - name: {name: e, namespace: default}
              target: {route: {name: two, namespace: default} }
              policy: {authorization: {rules: [{deny: 'request.path.contains("y")'}]} }
            - name: {name: f, namespace: default}
              phase: gateway
              target: {gateway: {gatewayName: default, gatewayNamespace: default} }
              policy: {basicAuth: {mode: optional, htpasswd: 'bob:{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0='} }
            """);

        Assert.Equal("inline", await gateway.Client.GetStringAsync("/one", Cancelled));
        Assert.Equal("route", await gateway.Client.GetStringAsync("/two", Cancelled));
        Assert.Equal("listener", await gateway.Client.GetStringAsync("/three", Cancelled));
        Assert.Equal((403, 403, 200), (await StatusAsync("/two/x"), await StatusAsync("/two/y"), await StatusAsync("/three/y")));
        using var credentials = await gateway.GetAsync("/three", ("Authorization", "Basic " + Convert.ToBase64String("bob:wrong"u8)));
        Assert.Equal(401, (int)credentials.StatusCode);

        async Task<int> StatusAsync(string path)
        {
            using var response = await gateway.GetAsync(path);
            return (int)response.StatusCode;
        }
    }

    [Fact]
    public async Task TargetedPolicies_OfBackends_ActOnEachCall()
    {
        await using var upstream = await TestUpstream.StartAsync();
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            backends:
            - name: shared
              host: 127.0.0.1:{{upstream.Port}}
            services:
            - name: svc
              namespace: ns
              hostname: svc
              vips: []
              ports: {"80": {{upstream.Port}} }
            workloads:
            - {uid: w1, name: w1, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {"ns/svc": {"80": {{upstream.Port}} } } }
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - matches: [{path: {pathPrefix: /named} }]
                  backends: [{backend: /shared}]
                - matches: [{path: {pathPrefix: /service} }]
                  backends: [{service: {name: ns/svc, port: 80} }]
            policies:
            - name: {name: a, namespace: default}
              target: {backend: {backend: {name: shared, namespace: default} } }
              policy: {requestHeaderModifier: {set: {x-backend: named} } }
            - name: {name: b, namespace: default}
              target: {backend: {service: {hostname: svc, namespace: ns, port: 80} } }
              policy: {requestHeaderModifier: {set: {x-backend: service} } }
            """);

        using var named = await gateway.GetAsync("/named");
        Assert.Equal((HttpStatusCode.OK, "named"), (named.StatusCode, upstream.Last.Header("x-backend")));
        using var service = await gateway.GetAsync("/service");
        Assert.Equal((HttpStatusCode.OK, "service"), (service.StatusCode, upstream.Last.Header("x-backend")));
    }

    [Theory]
    [InlineData("directResponse", "{condition: 'request.path == \"/a\"', status: 201}, {status: 202}", 201, 202)]
    [InlineData("transformations", "{condition: 'request.path == \"/a\"', response: {set: {':status': '203'}}}, {response: {set: {':status': '206'}}}", 203, 206)]
    [InlineData("localRateLimit", "{condition: 'request.path == \"/a\"', maxTokens: 0, tokensPerFill: 0, fillInterval: 1h}, {maxTokens: 9, tokensPerFill: 1, fillInterval: 1h}", 429, 200)]
    [InlineData("extAuthz", "{condition: 'request.path == \"/a\"', host: 'localhost:1', failureMode: {denyWithStatus: 499}, protocol: {http: {}}}, {host: 'localhost:1', failureMode: allow, protocol: {http: {}}}", 499, 200)]
    [InlineData("remoteRateLimit", "{condition: 'request.path == \"/a\"', domain: d, host: 'localhost:1', descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}, {domain: d, host: 'localhost:1', failureMode: failOpen, descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}", 500, 200)]
    public async Task Conditional_OfEachKind_FirstThatHoldsActsElseTheFallback(string kind, string entries, int first, int fallback)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, $"policies: {{{kind}: {{conditional: [{entries}]}}}}");

        using var a = await gateway.GetAsync("/a");
        using var b = await gateway.GetAsync("/b");

        Assert.Equal((first, fallback), ((int)a.StatusCode, (int)b.StatusCode));
    }

    private static Task<TestGateway> StartAsync(TestUpstream upstream, string route, string backend = "")
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        var text = $"binds:\n- port: {port}\n  listeners:\n  - routes:\n    - backends:\n      - host: 127.0.0.1:{upstream.Port}\n{Indent(backend, 8)}{Indent(route, 6)}";
        return ConfiguredGateway.StartAsync(text);

        static string Indent(string block, int by) => string.Concat(block.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => new string(' ', by) + line.TrimEnd('\r') + "\n"));
    }

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, HttpMethod method, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, "/");
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await gateway.Client.SendAsync(request, Cancelled);
    }
}
