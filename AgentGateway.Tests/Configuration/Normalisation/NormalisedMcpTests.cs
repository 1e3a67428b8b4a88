using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration.Normalisation;

public sealed class NormalisedMcpTests
{
    [Fact]
    public void Load_McpBackendOfARoute_HasTargetsRulesAndLifetime()
    {
        var result = LoadValid(
            """
            config: {mcp: {sessionTtl: 8m}}
            frontendPolicies: {accessLog: {add: {who: jwt.sub}}}
            binds:
            - port: 3000
              listeners:
              - routes:
                - policies:
                    cors: {allowOrigins: ["*"], allowHeaders: [mcp-protocol-version], exposeHeaders: [Mcp-Session-Id]}
                    mcpAuthorization: {rules: ['mcp.tool.name == "list"', 'jwt.sub == "ann" && mcp.tool.name == "sum"']}
                  backends:
                  - mcp:
                      targets:
                      - {name: local, stdio: {cmd: serve, args: [--all], env: {MODE: quiet}}}
                      - {name: remote, mcp: {host: "https://tools.example.com/mcp"}}
            """);

        var route = result.Snapshot!.Binds[0].Listeners[0].Routes[0];
        var backend = Assert.IsType<McpBackendSnapshot>(Assert.Single(route.Backends).Backend);
        Assert.Equal(TimeSpan.FromMinutes(8), backend.SessionIdleTimeout);
        Assert.Equal((true, McpPrefixMode.Conditional, false, false), (backend.Stateful, backend.PrefixMode, backend.FailOpen, backend.DnsRebindingProtection));
        var local = Assert.IsType<McpStdioTargetSnapshot>(backend.Targets[0]);
        Assert.Equal(("serve", "--all", "quiet", false), (local.Command, Assert.Single(local.Arguments), local.Environment["MODE"], local.ClearEnvironment));
        var remote = Assert.IsType<McpHttpTargetSnapshot>(backend.Targets[1]);
        Assert.Equal(new Uri("https://tools.example.com:443/mcp"), remote.Endpoint);
        Assert.Equal(
            ["mcp.tool.name == \"list\"", "jwt.sub == \"ann\" && mcp.tool.name == \"sum\""],
            Assert.Single(route.Policies.OfType<McpAuthorizationPolicy>()).Rules.Select(static r => r.Condition.Source));
        var cors = Assert.Single(route.Policies.OfType<CorsPolicy>());
        Assert.Equal(["*"], cors.AllowOrigins);
        Assert.Equal(["Mcp-Session-Id"], cors.ExposeHeaders);
        Assert.Equal("jwt.sub", result.Snapshot.AccessLog.Add["who"].Source);
    }

    [Fact]
    public void Load_ShortForm_ListensOn3000UnderItsOwnNames()
    {
        var snapshot = LoadValid(
            """
            config: {mcp: {sessionTtl: 45m}}
            mcp:
              targets: [{name: time, stdio: {cmd: clock}}, {name: files, stdio: {cmd: serve}}]
              statefulMode: stateless
              prefixMode: never
              failureMode: failOpen
              dnsRebindingProtection: true
            """).Snapshot!;

        var bind = Assert.Single(snapshot.Binds);
        Assert.Equal(3000, bind.Port);
        var listener = Assert.Single(bind.Listeners);
        Assert.Equal("mcp", listener.Key);
        var route = Assert.Single(listener.Routes);
        Assert.Equal("internal/mcp:default", route.Name);
        Assert.Equal("/", Assert.Single(route.Matches).Path.Value);
        var backend = Assert.IsType<McpBackendSnapshot>(Assert.Single(route.Backends).Backend);
        Assert.Equal("/mcp", backend.Key);
        Assert.Equal(TimeSpan.FromMinutes(45), backend.SessionIdleTimeout);
        Assert.Equal((false, McpPrefixMode.Never, true, true), (backend.Stateful, backend.PrefixMode, backend.FailOpen, backend.DnsRebindingProtection));
    }

    [Theory]
    [InlineData("shared")]
    [InlineData("/shared")]
    public void Load_NamedBackend_IsSharedByEveryReference(string reference)
    {
        var snapshot = LoadValid(
            $$$$"""
            config: {mcp: {sessionTtl: 12m}}
            backends: [{name: shared, mcp: {targets: [{name: all, stdio: {cmd: serve}}]}}]
            binds: [{port: 3000, listeners: [{routes: [{name: a, backends: [{backend: {{{{reference}}}}}]}, {name: b, backends: [{backend: {{{{reference}}}}}]}]}]}]
            """).Snapshot!;

        var routes = snapshot.Binds[0].Listeners[0].Routes;
        var backend = Assert.IsType<McpBackendSnapshot>(snapshot.Backends["/shared"]);
        Assert.Equal(TimeSpan.FromMinutes(12), backend.SessionIdleTimeout);
        Assert.All(routes, r => Assert.Same(backend, Assert.Single(r.Backends).Backend));
    }

    [Fact]
    public void Load_TargetOnANamedBackend_RefersToIt()
    {
        var snapshot = LoadValid(
            """
            binds: [{port: 3000, listeners: [{routes: [{backends: [{backend: /tools}]}]}]}]
            backends:
            - name: tools
              mcp: {targets: [{name: cloud, mcp: {backend: /agent, path: /mcp}}]}
            - name: agent
              aws: {agentCore: {agentRuntimeArn: "arn:aws:bedrock-agentcore:us-west-2:111122223333:runtime/tools"}}
              policies: {backendAuth: {aws: {}}}
            """).Snapshot!;

        var tools = Assert.IsType<McpBackendSnapshot>(Assert.Single(snapshot.Binds[0].Listeners[0].Routes[0].Backends).Backend);
        var target = Assert.IsType<McpHttpTargetSnapshot>(Assert.Single(tools.Targets));
        Assert.Equal("/mcp", target.Endpoint.AbsolutePath);
        Assert.Same(snapshot.Backends["/agent"], target.Backend);
        Assert.NotNull(Assert.IsType<BackendAuth>(Assert.Single(target.Backend!.Policies)).Aws);
    }

    [Theory]
    [InlineData("host: localhost", "http://localhost/")]
    [InlineData("host: \"tools:3001\"", "http://tools:3001/")]
    [InlineData("host: \"http://tools:3001/mcp\"", "http://tools:3001/mcp")]
    [InlineData("host: \"https://tools/mcp\"", "https://tools/mcp")]
    [InlineData("{host: tools, port: 3001, path: /mcp}", "http://tools:3001/mcp")]
    public void Load_HostForms_BecomeOneEndpoint(string form, string endpoint)
    {
        var target = Assert.IsType<McpHttpTargetSnapshot>(Target($"mcp: {(form.StartsWith('{') ? form : $"{{{form}}}")}"));

        Assert.Equal(new Uri(endpoint), target.Endpoint);
    }

    [Theory]
    [InlineData("{name: a+b, stdio: {cmd: c}}", "mcp.targets[0].name", "invalid")]
    [InlineData("{name: a_b, stdio: {cmd: c}}", "mcp.targets[0].name", "invalid")]
    [InlineData("{name: a, stdio: {cmd: c}, policies: {http: {}}}", "mcp.targets[0].policies", "stdio MCP target 'a': policies are not supported (stdio has no backend connection)")]
    [InlineData("{name: a, mcp: {host: h}, policies: {mcpGuardrails: {processors: []}}}", "mcp.targets[0].policies.mcpGuardrails", "unknown field `mcpGuardrails`")]
    [InlineData("{name: a, mcp: {host: h}, policies: {mcpAuthorization: {rules: []}}}", "mcp.targets[0].policies.mcpAuthorization", "unknown field `mcpAuthorization`")]
    [InlineData("{name: a, mcp: {backend: /b}}", "mcp.targets[0].mcp", "path is required when backend is set")]
    [InlineData("{name: a, mcp: {backend: /b, host: h}}", "mcp.targets[0].mcp.host", "cannot mix host/port with backend")]
    [InlineData("{name: a, mcp: {backend: /b, path: /mcp}, policies: {http: {}}}", "mcp.targets[0].policies", "cannot use backend reference when policies are defined for an MCP target")]
    [InlineData("{name: a, mcp: {backend: /none, path: /mcp}}", "mcp.targets[0].mcp.backend", "unknown backend `/none`")]
    [InlineData("{name: a, mcp: {port: 1}}", "mcp.targets[0].mcp", "host is required when port is set")]
    [InlineData("{name: a, mcp: {path: /p}}", "mcp.targets[0].mcp", "host or backend is required when path is set")]
    [InlineData("{name: a, mcp: {}}", "mcp.targets[0].mcp", "host or backend is required for MCP target backend configuration")]
    [InlineData("{name: a, mcp: {host: h, port: 1}}", "mcp.targets[0].mcp", "if port or path is set, both must be set; otherwise, use only host")]
    [InlineData("{name: a, mcp: {host: \"ftp://h\"}}", "mcp.targets[0].mcp.host", "invalid scheme")]
    [InlineData("{name: a, mcp: {host: \"http:///x\"}}", "mcp.targets[0].mcp.host", "no host")]
    [InlineData("{name: a}", "mcp.targets[0]", "exactly one of stdio, mcp, sse, openapi must be set, found none")]
    [InlineData("{name: a, stdio: {cmd: c}, sse: {host: h}}", "mcp.targets[0].sse", "`sse` cannot be set together with `stdio`")]
    public void Load_TargetThatDoesNotFit_SaysWhatIsWrong(string target, string path, string message)
    {
        var error = SingleError($"{{backends: [{{name: b, host: \"h:1\"}}], mcp: {{targets: [{target}]}}}}");

        Assert.Equal(path, error.Path);
        Assert.StartsWith(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OpenApiTarget_MayLeaveThePathOfANamedBackendOut()
    {
        var snapshot = LoadValid(
            """
            backends: [{name: shop, host: "shop:8080"}]
            mcp: {targets: [{name: shop, openapi: {schema: '{"openapi": "3.0.0", "paths": {"/items": {"get": {"operationId": "list"}}}}', backend: /shop}}]}
            """).Snapshot!;

        var backend = Assert.IsType<McpBackendSnapshot>(snapshot.Binds[0].Listeners[0].Routes[0].Backends[0].Backend);
        Assert.Same(snapshot.Backends["/shop"], Assert.IsType<McpOpenApiTargetSnapshot>(Assert.Single(backend.Targets)).Backend);
    }

    private static McpTargetSnapshot Target(string kind) => Assert.Single(
        Assert.IsType<McpBackendSnapshot>(LoadValid($"mcp: {{targets: [{{name: t, {kind}}}]}}").Snapshot!.Binds[0].Listeners[0].Routes[0].Backends[0].Backend).Targets);
}
