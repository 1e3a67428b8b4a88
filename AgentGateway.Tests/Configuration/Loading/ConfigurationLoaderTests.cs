using AgentGateway.Configuration.Snapshot;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Loading;

public sealed class ConfigurationLoaderTests
{
    [Theory]
    [InlineData("")]
    [InlineData("# only a comment\n")]
    [InlineData("{}")]
    [InlineData("null")]
    public void Load_EmptyDocument_GivesEmptySnapshotAndDefaults(string text)
    {
        var result = LoadValid(text, forRuntime: true);

        Assert.Empty(result.Snapshot!.Binds);
        Assert.Equal("localhost:15000", result.Settings!.AdminAddress);
        Assert.Equal("[::]:15020", result.Settings.StatsAddress);
        Assert.Equal("[::]:15021", result.Settings.ReadinessAddress);
        Assert.Equal(TimeSpan.FromMinutes(30), result.Settings.McpSessionIdleTimeout);
    }

    [Fact]
    public void Load_BindWithRoutes_NamesEverythingAsLogsShowIt()
    {
        var result = LoadValid(
            """
            binds:
            - port: 3000
              listeners:
              - routes:
                - backends:
                  - host: localhost:8080
                - name: users
                  matches:
                  - path: {exact: /users}
                    method: GET
                    headers: [{name: x-tier, value: {regex: "gold|silver"}}]
                    query: [{name: page, value: {exact: "1"}}]
                  backends:
                  - host: "[::1]:9000"
                    weight: 3
            """);

        var bind = Assert.Single(result.Snapshot!.Binds);
        Assert.Equal("bind/3000", bind.Key);
        var listener = Assert.Single(bind.Listeners);
        Assert.Equal("default/default/bind/3000/listener0", listener.Key);
        Assert.Equal("default/default/bind/3000/listener0/default/route0", listener.Routes[0].Key);
        Assert.Equal("default/route0", listener.Routes[0].Name);
        Assert.Equal("default/users", listener.Routes[1].Name);
        var match = Assert.Single(listener.Routes[1].Matches);
        Assert.Equal(new PathMatchSnapshot(PathMatchKind.Exact, "/users"), match.Path);
        Assert.Equal("GET", match.Method);
        Assert.Equal(ValueMatchKind.Regex, match.Headers[0].Value.Kind);
        Assert.Equal("1", match.Query[0].Value.Value);
        var backend = Assert.Single(listener.Routes[1].Backends);
        Assert.Equal(3, backend.Weight);
        Assert.Equal("default/default/bind/3000/listener0/default/users/backend0", backend.Backend.Key);
        Assert.Equal("[::1]:9000", Assert.IsType<HostBackendSnapshot>(backend.Backend).Target.ToString());
    }

    [Fact]
    public void Load_SimpleMcpWithoutPort_ListensOn3000AndMatchesEveryPath()
    {
        var result = LoadValid(
            """
            config: {mcp: {sessionTtl: 45m}}
            mcp:
              targets:
              - name: everything
                stdio: {cmd: npx, args: ["@modelcontextprotocol/server-everything"], env: {A: b}, clear_env: true}
              - name: remote
                mcp: {host: "https://example.com/mcp"}
            """);

        var bind = Assert.Single(result.Snapshot!.Binds);
        Assert.Equal(3000, bind.Port);
        Assert.Equal("mcp", bind.Listeners[0].Name);
        var route = Assert.Single(bind.Listeners[0].Routes);
        Assert.Equal("internal/mcp:default", route.Name);
        Assert.Equal(RouteMatchSnapshot.Any, Assert.Single(route.Matches));
        var backend = Assert.IsType<McpBackendSnapshot>(route.Backends[0].Backend);
        Assert.Equal("/mcp", backend.Key);
        Assert.Equal(TimeSpan.FromMinutes(45), backend.SessionIdleTimeout);
        var stdio = Assert.IsType<McpStdioTargetSnapshot>(backend.Targets[0]);
        Assert.True(stdio.ClearEnvironment);
        Assert.Equal("b", stdio.Environment["A"]);
        Assert.Equal("https://example.com/mcp", Assert.IsType<McpHttpTargetSnapshot>(backend.Targets[1]).Endpoint.ToString());
    }

    [Fact]
    public void Load_SeveralMistakes_ReportsEachWithPathAndPosition()
    {
        var result = Load(
            """
            binds:
            - port: "3000"
              listeners:
              - protocol: HTP
                routes:
                - backend: []
                  matches:
                  - path: {exact: /a, pathPrefix: /b}
            """);

        Assert.Null(result.Snapshot);
        Assert.Equal(
            [
                ("binds[0].port", 2, 9),
                ("binds[0].listeners[0].protocol", 4, 15),
                ("binds[0].listeners[0].routes[0].backend", 6, 7),
                ("binds[0].listeners[0].routes[0].matches[0].path.pathPrefix", 8, 39),
            ],
            result.Errors.Select(static e => (e.Path, e.Line, e.Column)));
        Assert.Contains("did you mean `backends`?", result.Errors[2].Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownField_SaysSoInTheWordsClientsMatchOn()
    {
        var error = SingleError("binds: [{port: 1, listeners: [{routes: [{foo: 1}]}]}]");

        Assert.Contains("unknown field `foo`", error.Message, StringComparison.Ordinal);
        Assert.Contains("binds[0].listeners[0].routes[0]", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(256, true)]
    [InlineData(257, false)]
    public void Load_ManyTargetsInOneMcpBackend_RefusedBeyondTheBound(int targets, bool isValid)
    {
        var text = $"mcp: {{port: 3000, targets: [{string.Join(", ", Enumerable.Range(0, targets).Select(static i => $"{{name: t{i}, stdio: {{cmd: a}}}}"))}]}}";

        var loaded = Load(text, forRuntime: true);

        Assert.Equal(isValid, loaded.IsValid);
        Assert.All(loaded.Errors, static error => Assert.Contains("more than 256 targets in an MCP backend", error.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("binds: [x]", "binds[0]")]
    [InlineData("gateways: {g: 5}", "gateways.g")]
    [InlineData("gateways: {g: }", "gateways.g")]
    [InlineData("gateways: {default: {port: 1}}\nroutes: [[]]", "routes[0]")]
    [InlineData("gateways: {t: {port: 1, protocol: TCP}}\ntcpRoutes: [x]", "tcpRoutes[0]")]
    [InlineData("policies: [x]", "policies[0]")]
    [InlineData("mcp: {targets: [x]}", "mcp.targets[0]")]
    [InlineData("llm: {models: [x]}", "llm.models[0]")]
    public void Load_ItemOfTheWrongType_IsTheOnlyError(string text, string path)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal(path, error.Path);
        Assert.StartsWith("invalid type: ", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("backends: [{name: b, host: 'a:1', policies: {inferenceRouting: null}}]")]
    [InlineData("backends: [{name: b, ai: {name: p, provider: {openAI: {}}, policies: {inferenceRouting: }}}]")]
    [InlineData("binds: [{port: 1, listeners: [{routes: [{backends: [{host: 'a:1', policies: {inferenceRouting: ~}}]}]}]}]")]
    public void Load_NullForAPolicyOfServicesOnly_IsAsIfItWereAbsent(string text) => TestLoad.LoadValid(text);

    [Fact]
    public void Load_CatalogueFileIsAnotherFile_ErrorDoesNotRepeatIt()
    {
        var error = TestLoad.SingleError("config: {modelCatalog: [{file: key.pem}]}", files: new Dictionary<string, string> { ["key.pem"] = "-----BEGIN PRIVATE KEY----- MIGH" });

        Assert.Equal("config.modelCatalog[0].file", error.Path);
        Assert.Contains("expected a mapping", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("MIGH", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("''")]
    [InlineData("'h 2'")]
    public void Load_AlpnIsNoProtocolName_IsRefused(string name) =>
        Assert.Equal("backends[0].policies.backendTLS.alpn[0]", TestLoad.SingleError($"backends: [{{name: b, host: 'a:1', policies: {{backendTLS: {{alpn: [{name}]}}}}}}]").Path);

    // What follows from a value that is wrong itself is no error of its own.
    [Theory]
    [InlineData("binds: [{mode: inner, listeners: []}]", "binds[0].mode")]
    [InlineData("binds: [{port: 1, listeners: [{protocol: http, tcpRoutes: []}]}]", "binds[0].listeners[0].protocol")]
    [InlineData("binds: [{port: 1, listeners: [{protocol: tls, routes: []}]}]", "binds[0].listeners[0].protocol")]
    [InlineData("gateways: {g: {port: 1, protocol: Tcp, tls: {spiffe: {}}}}", "gateways.g.protocol")]
    [InlineData(
        "backends: [{name: b, host: 'a:1', policies: {backendAuth: {oauthTokenExchange: {host: 'a:1', clientAuth: {clientId: c, method: private, signingKey: k, assertionAudience: a}}}}}]",
        "backends[0].policies.backendAuth.oauthTokenExchange.clientAuth.method")]
    public void Load_WordThatOthersDependOn_IsTheOnlyError(string text, string path)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal(path, error.Path);
        Assert.StartsWith("unknown value", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("llm: {models: [{name: a, provider: openai, tls: {}, backendTLS: {}}]}", "llm.models[0].backendTLS")]
    [InlineData("llm: {models: [], providers: [{name: p, provider: openai, defaults: {tls: {}, backendTLS: {}}}]}", "llm.providers[0].defaults.backendTLS")]
    public void Load_BothNamesOfOneKey_AreOneError(string text, string path)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal(path, error.Path);
        Assert.Contains("cannot be set together with `tls`", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mcp: {targets: [{name: a, mcp: {host: 'http://h'}}], policies: {a2a: {}}}", "mcp.policies.a2a", "a2a does not apply to MCP servers")]
    [InlineData("mcp: {targets: [{name: a, mcp: {host: 'http://h'}}], policies: {retry: {codes: [503], condition: 'true'}}}", "mcp.policies.retry.condition", "a condition of retry")]
    [InlineData(
        "binds: [{port: 1, listeners: [{routes: [{backends: [{mcp: {targets: [{name: a, mcp: {host: 'http://h'}}]}, policies: {health: {}}}]}]}]}]",
        "binds[0].listeners[0].routes[0].backends[0].policies.health", "health does not apply to MCP servers")]
    public void Load_PolicyOfAnotherProtocolAtMcpServers_IsNamedByItsPath(string text, string path, string message)
    {
        var error = TestLoad.SingleError(text);

        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_UnknownRouteGroup_IsAWarning()
    {
        var warning = Assert.Single(LoadValid("gateways: {default: {port: 1}}\nroutes: [{backends: [{routeGroup: nowhere}]}]", forRuntime: true).Warnings);

        Assert.Equal("routes[0].backends[0].routeGroup", warning.Path);
        Assert.StartsWith("unknown route group `nowhere`: requests are answered with 404", warning.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_McpIssuerThatIsNoUrl_IsAcceptedWithKeys()
    {
        var result = LoadValid(
            """
            mcp:
              targets: [{name: a, stdio: {cmd: x}}]
              policies:
                mcpAuthentication: {issuer: company.example, audiences: [a], jwks: '{"keys":[]}', resourceMetadata: {}}
            """,
            forRuntime: true);

        Assert.StartsWith("the issuer is no URL: tokens are verified", Assert.Single(result.Warnings).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(", jwks: '{\"keys\":[]}', provider: {keycloak: {}}")]
    public void Load_McpIssuerThatIsNoUrlAndIsNeededAsOne_IsAnError(string more)
    {
        var error = TestLoad.SingleError(
            $"mcp: {{targets: [{{name: a, stdio: {{cmd: x}}}}], policies: {{mcpAuthentication: {{issuer: company.example, audiences: [a], resourceMetadata: {{}}{more}}}}}}}");

        Assert.Equal("mcp.policies.mcpAuthentication.issuer", error.Path);
        Assert.Equal("invalid URL `company.example`: write an absolute http or https URL", error.Message);
    }

    [Theory]
    [InlineData("binds: [{port: $PORT, listeners: []}]")]
    [InlineData("mcp: {targets: [{name: a, mcp: {host: 'http://h:${PORT}/'}}], statefulMode: \"$PORT\"}")]
    [InlineData("frontendPolicies: {tracing: {host: '$PORT:4317', randomSampling: '${PORT} =='}}")]
    public void Load_UnsetVariable_IsOneErrorForEachReference(string text)
    {
        var errors = Load(text).Errors;

        Assert.Equal(text.Count(static c => c == '$'), errors.Count);
        Assert.All(errors, static error => Assert.StartsWith("environment variable `PORT` is not set", error.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_UnsetVariable_LeavesOtherErrorsInPlace() =>
        Assert.Equal(2, Load("binds: [{port: $PORT, listeners: []}, {port: none, listeners: []}]").Errors.Count);
}
