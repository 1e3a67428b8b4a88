using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedGatewayTests
{
    private const string Attached =
        """
        gateways:
          default: {port: 9001}
          inner: {port: 9002}
          edge:
            port: 9003
            listeners:
            - {name: red, hostname: red.example.com}
            - {hostname: blue.example.com}
        routes:
        - {gateways: [default], backends: [{host: "listed:81"}]}
        - {backends: [{host: "implicit:82"}]}
        - {gateways: inner, backends: [{host: "plain:83"}]}
        - {gateways: [inner, edge/red], backends: [{host: "several:84"}]}
        """;

    [Fact]
    public void Load_Gateways_NamesListenersAsTheyAreReferredTo()
    {
        var binds = LoadValid(Attached).Snapshot!.Binds;

        Assert.Equal([9001, 9002, 9003], binds.Select(static b => b.Port));
        Assert.Equal(
            ["gateway/default", "gateway/inner", "gateway/edge/red", "gateway/edge/listener1"],
            binds.SelectMany(static b => b.Listeners).Select(static l => l.Key));
        Assert.Equal(["default", "inner", "edge/red", "edge/listener1"], binds.SelectMany(static b => b.Listeners).Select(static l => l.Name));
        Assert.Equal(["red.example.com", "blue.example.com"], binds[2].Listeners.Select(static l => l.Hostname));
    }

    [Fact]
    public void Load_RoutesAttachedByListStringListenerAndDefault_AreCopiedToEachListener()
    {
        var listeners = LoadValid(Attached).Snapshot!.Binds.SelectMany(static b => b.Listeners).ToDictionary(static l => l.Name);

        Assert.Equal(["listed:81", "implicit:82"], Hosts(listeners["default"]));
        Assert.Equal(["plain:83", "several:84"], Hosts(listeners["inner"]));
        Assert.Equal(["several:84"], Hosts(listeners["edge/red"]));
        Assert.Empty(listeners["edge/listener1"].Routes);

        // Without a name, a route is named by its place in the listener.
        Assert.Equal(["gateway/inner/default/route0", "gateway/inner/default/route1"], listeners["inner"].Routes.Select(static r => r.Key));
        Assert.Equal("gateway/edge/red/default/route0", Assert.Single(listeners["edge/red"].Routes).Key);
    }

    [Fact]
    public void Load_LlmMcpAndUiOnOneGateway_ShareItsListener()
    {
        var snapshot = LoadValid(
            """
            gateways:
              default: {port: 9001}
            llm:
              gateways: default
              models: [{name: small, provider: openAI}]
            mcp:
              gateways: [default]
              targets: [{name: files, stdio: {cmd: serve}}]
            ui:
              gateways: default
              policies:
                oidc: {issuer: "https://login.example.com", clientId: gate, clientSecret: pass, redirectURI: "http://localhost:9001/oauth/callback"}
            """,
            new Dictionary<string, string> { ["OIDC_COOKIE_SECRET"] = new('c', 64) }).Snapshot!;

        var listener = Assert.Single(Assert.Single(snapshot.Binds).Listeners);
        Assert.Equal(["internal/llm:request", "internal/mcp:default", "internal/ui"], listener.Routes.Select(static r => r.Name));
        Assert.Equal(["/"], Paths(listener.Routes[0]));
        Assert.Equal(["/mcp", "/sse", "/.well-known"], Paths(listener.Routes[1]));
        Assert.Equal(
            ["/", "/ui", "/api/runtime", "/api/config", "/api/cel", "/api/logs", "/api/costs", "/oauth/callback"], Paths(listener.Routes[2]));
        Assert.Equal(PathMatchKind.Exact, listener.Routes[2].Matches[0].Path.Kind);
        Assert.Equal(PathMatchKind.Exact, listener.Routes[2].Matches[^1].Path.Kind);
        Assert.IsType<LlmBackendSnapshot>(Assert.Single(listener.Routes[0].Backends).Backend);
        Assert.Equal("/mcp", Assert.IsType<McpBackendSnapshot>(Assert.Single(listener.Routes[1].Backends).Backend).Key);
        Assert.IsType<InternalBackendSnapshot>(Assert.Single(listener.Routes[2].Backends).Backend);
    }

    [Fact]
    public void Load_SurfacesWithoutGateways_AttachToTheOneCalledDefault()
    {
        var snapshot = LoadValid(
            """
            gateways:
              default: {port: 9001}
              tcp: {port: 9002, protocol: TCP}
            llm: {models: [{name: small, provider: openAI}]}
            mcp: {targets: [{name: files, stdio: {cmd: serve}}]}
            ui: {}
            routes: [{name: api, backends: [{host: "api:80"}]}]
            tcpRoutes: [{name: db, gateways: tcp, backends: [{host: "db:5432"}]}]
            """).Snapshot!;

        Assert.Equal([9001, 9002], snapshot.Binds.Select(static b => b.Port));
        Assert.Equal(
            ["default/api", "internal/llm:request", "internal/mcp:default", "internal/ui"], snapshot.Binds[0].Listeners[0].Routes.Select(static r => r.Name));
        Assert.Equal("default/db", Assert.Single(snapshot.Binds[1].Listeners[0].TcpRoutes).Name);
    }

    [Fact]
    public void Load_OwnPortsOfLlmAndMcp_WinOverTheDefaultGateway()
    {
        var snapshot = LoadValid(
            """
            gateways: {default: {port: 8080}}
            llm: {port: 4000, models: [{name: small, provider: openAI}]}
            mcp: {port: 3000, targets: [{name: files, stdio: {cmd: serve}}]}
            """).Snapshot!;

        Assert.Equal([8080, 4000, 3000], snapshot.Binds.Select(static b => b.Port));
        Assert.Equal(["gateway/default", "llm", "mcp"], snapshot.Binds.Select(static b => b.Listeners[0].Key));
        Assert.Empty(snapshot.Binds[0].Listeners[0].Routes);
    }

    [Fact]
    public void Load_LlmOnAGateway_KeepsItsPoliciesToItself()
    {
        var listener = LoadValid(
            """
            gateways: {default: {port: 8080}}
            llm:
              gateways: default
              policies: {cors: {allowOrigins: ["https://app.example.com"]}, localRateLimit: [{maxTokens: 5, tokensPerFill: 5, fillInterval: 1s}]}
              models: [{name: small, provider: openAI}]
            """).Snapshot!.Binds[0].Listeners[0];

        Assert.Empty(listener.Policies);
        Assert.Contains(listener.Routes[0].Policies, static p => p is CorsPolicy);
        Assert.Contains(listener.Routes[0].Policies, static p => p is LocalRateLimits);
    }

    [Theory]
    [InlineData("backendTLS: {}")]
    [InlineData("timeout: {requestTimeout: 1s}")]
    [InlineData("localRateLimit: []")]
    public void Load_PolicyThatTheUiDoesNotHave_IsAnUnknownField(string policy)
    {
        var error = SingleError($"{{gateways: {{default: {{port: 8080}}}}, ui: {{policies: {{{policy}}}}}}}");

        Assert.StartsWith("unknown field", error.Message, StringComparison.Ordinal);
        Assert.StartsWith("ui.policies.", error.Path, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gateways: {a: {}}", "gateways.a.port is required")]
    [InlineData("{gateways: {a: {port: 1}}, routes: [{gateways: b}]}", "unknown gateway reference b")]
    [InlineData("{gateways: {a: {port: 1}}, routes: [{gateways: a/x}]}", "unknown gateway reference a/x")]
    [InlineData("{gateways: {a: {port: 1}}, tcpRoutes: [{gateways: a}]}", "gateway reference a has no TCP listeners")]
    [InlineData("{gateways: {a: {port: 1, protocol: TCP}}, routes: [{gateways: a}]}", "gateway reference a has no HTTP listeners")]
    [InlineData("{gateways: {a: {port: 1}}, routes: [{name: r}]}", "routes.r must set gateways")]
    [InlineData("{gateways: {a: {port: 1}}, tcpRoutes: [{name: r}]}", "tcpRoutes.r must set gateways")]
    [InlineData("{gateways: {a: {port: 1}}, ui: {}}", "ui.gateways must be set")]
    [InlineData("{gateways: {a: {port: 1, protocol: HTTPS}}}", "protocol HTTPS requires tls")]
    [InlineData("{gateways: {a: {port: 1, cors: {}, listeners: [{name: l}]}}}", "gateways.a cannot set protocol, tls, or policy fields when listeners are configured")]
    [InlineData("{gateways: {a: {port: 1, listeners: [{name: x, hostname: x.io}, {name: y, hostname: y.io, protocol: TCP}]}}}", "gateway listeners on port 1 cannot mix HTTP and TCP protocols")]
    [InlineData("{gateways: {a: {port: 1, listeners: [{name: x}, {name: y, protocol: TCP}]}}}", "gateway listeners on port 1 cannot mix HTTP and TCP protocols")]
    [InlineData("{gateways: {a: {port: 1, listeners: [{name: x}, {name: y, protocol: TLS}]}}}", "gateway listeners on port 1 cannot mix TLS and plaintext")]
    [InlineData("{gateways: {a: {port: 1, listeners: [{name: x}, {name: y}]}}}", "two listeners of gateways.a have the same hostname")]
    [InlineData("{gateways: {a: {port: 1}}, routes: [{name: r, gateways: []}]}", "routes.r must set gateways")]
    [InlineData("{gateways: {a: {port: 1}}, mcp: {gateways: a, port: 2, targets: [{name: f, stdio: {cmd: c}}]}}", "mcp.gateways cannot be used with mcp.port")]
    [InlineData("{gateways: {a: {port: 1}}, llm: {gateways: a, port: 2, models: []}}", "llm.gateways cannot be used with llm.port or llm.tls")]
    [InlineData("{gateways: {a: {port: 3000}}, binds: [{port: 3000, listeners: []}]}", "port 3000 is configured by both binds and gateways; binds, llm, and mcp must use unique ports")]
    [InlineData("{llm: {port: 7, models: []}, mcp: {port: 7, targets: [{name: f, stdio: {cmd: c}}]}}", "top-level llm and mcp cannot use the same port 7; attach both to the same gateway instead")]
    public void Load_GatewayThatDoesNotFit_SaysWhatIsWrong(string text, string message) =>
        Assert.StartsWith(message, SingleError(text).Message, StringComparison.Ordinal);

    private static IEnumerable<string> Hosts(ListenerSnapshot listener) =>
        listener.Routes.Select(static r => Assert.IsType<HostBackendSnapshot>(r.Backends[0].Backend).Target.ToString());

    private static IEnumerable<string> Paths(RouteSnapshot route) => route.Matches.Select(static m => m.Path.Value);
}
