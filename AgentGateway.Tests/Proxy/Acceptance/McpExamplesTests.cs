using System.Net;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Mcp;
using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;

namespace AgentGateway.Tests.Proxy.Acceptance;

/// <summary>Configurations in front of MCP servers, of the shapes that users start from.</summary>
public sealed class McpExamplesTests
{
    private static readonly TestIssuer Issuer = new();

    [Fact]
    public async Task Authorization_ByToken_FiltersToolsAndPassesTheTokenOn()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => (string?)arrival.Message?["method"] == "tools/list"
            ? RecordingUpstream.AnswerAsync(context, arrival, """{"tools":[{"name":"echo","inputSchema":{}},{"name":"get-sum","inputSchema":{}},{"name":"get-env","inputSchema":{}}]}""")
            : RecordingUpstream.AnswerAsync(context, arrival, """{"content":[{"type":"text","text":"4"}]}"""));
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            mcp:
              port: {{port}}
              policies:
                cors: {allowOrigins: ["*"], allowHeaders: ["*"], exposeHeaders: [Mcp-Session-Id]}
                backendAuth:
                  passthrough: {}
                jwtAuth:
                  issuer: {{TestIssuer.Name}}
                  audiences: [api]
                  jwks: {file: ./keys}
                mcpAuthorization:
                  rules:
                  - 'mcp.tool.name == "echo"'
                  - 'jwt.sub == "alice" && mcp.tool.name == "get-sum"'
                  - 'mcp.tool.name == "get-env" && jwt.nested.key == "value"'
              targets:
              - name: mcp2
                mcp:
                  host: {{upstream.Endpoint}}
            """,
            new Dictionary<string, string> { ["./keys"] = Issuer.Jwks() });

        Assert.Equal(["echo"], await ToolsAsync(null));
        Assert.Equal(["echo", "get-sum"], await ToolsAsync(Issuer.Token(DateTimeOffset.UtcNow)));
        Assert.Equal(["echo", "get-sum", "get-env"], await ToolsAsync(Issuer.Token(DateTimeOffset.UtcNow, more: ",\"nested\":{\"key\":\"value\"}")));
        var token = Issuer.Token(DateTimeOffset.UtcNow);
        var client = Client(token);
        await client.InitializeAsync();
        Assert.Equal("4", await client.CallAsync("get-sum"));
        Assert.Equal("Bearer " + token, upstream.Posts("tools/call")[^1].Headers["authorization"]);
        using var denied = await client.PostAsync(RawMcpClient.Call(9, "get-env"));
        Assert.Contains("Unknown tool: get-env", await denied.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);

        RawMcpClient Client(string? bearer)
        {
            var http = new HttpClient { BaseAddress = gateway.Address };
            if (bearer is not null)
            {
                http.DefaultRequestHeaders.Authorization = new("Bearer", bearer);
            }

            return new RawMcpClient(http);
        }

        async Task<IEnumerable<string>> ToolsAsync(string? bearer)
        {
            var mcp = Client(bearer);
            await mcp.InitializeAsync();
            var answer = await mcp.AskAsync(RawMcpClient.Request(3, "tools/list"));
            return answer[^1]["result"]!["tools"]!.AsArray().Select(tool => (string)tool!["name"]!);
        }
    }

    [Fact]
    public async Task TargetAndRoutePolicies_ActOnCallsToTheServer()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) =>
            RecordingUpstream.AnswerAsync(context, arrival, """{"tools":[]}"""));
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - backends:
                  - mcp:
                      targets:
                      - name: server
                        mcp: {host: "{{upstream.Endpoint}}"}
                        policies:
                          requestHeaderModifier: {set: {x-target: "1", x-both: target} }
                          backendAuth: {key: sk-target}
                          transformations:
                            request:
                              set: {x-method: 'json(request.body).method'}
                    policies:
                      requestHeaderModifier: {set: {x-both: choice} }
            """);

        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        await client.AskAsync(RawMcpClient.Request(3, "tools/list"));

        var headers = upstream.Posts("tools/list")[0].Headers;
        Assert.Equal("Bearer sk-target", headers["authorization"]);
        Assert.Equal("tools/list", headers["x-method"]);
        Assert.Equal("choice", headers["x-both"]);
        Assert.False(headers.ContainsKey("x-target"));
    }

    [Fact]
    public async Task NamedBackend_AsMcpTarget_IsCalledWithItsPolicies()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(context, arrival, """{"tools":[]}"""));
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            backends:
            - name: server
              host: 127.0.0.1:{{upstream.Endpoint.Port}}
              policies: {backendAuth: {key: sk-named} }
            mcp:
              port: {{port}}
              targets:
              - name: server
                mcp: {backend: /server, path: /up/mcp}
            """);

        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        await client.AskAsync(RawMcpClient.Request(3, "tools/list"));

        Assert.Equal(("Bearer sk-named", "/up/mcp"), (upstream.Posts("tools/list")[0].Headers["authorization"], upstream.Posts("tools/list")[0].Target));
    }

    [Fact]
    public async Task BackendPolicies_OnAChildProcess_AreOfNoEffect()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            policies:
            - name: {name: everywhere, namespace: default}
              target: {gateway: {gatewayName: default, gatewayNamespace: default} }
              policy: {backendTLS: {} }
            mcp:
              port: {{port}}
              policies: {backendAuth: {key: k} }
              targets:
              - name: local
                stdio: {cmd: "{{McpTestBackends.StdioServer}}"}
            """);

        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var answer = await client.AskAsync(RawMcpClient.Request(3, "tools/list"));

        Assert.NotEmpty(answer[^1]["result"]!["tools"]!.AsArray());
    }

    [Fact]
    public void Authorization_OfAChildProcess_IsRefusedByName()
    {
        var errors = ConfiguredGateway.Errors("""
            binds:
            - port: 3000
              listeners:
              - routes:
                - backends:
                  - mcp: {targets: [{name: local, stdio: {cmd: cat}}]}
                    policies: {authorization: {rules: ['false']}}
            """);

        Assert.Contains("authorization has nothing to act on", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task HttpsListener_InFrontOfAChildProcess_ServesMcpOverTls()
    {
        using var certificates = new TestCertificates();
        var (certificate, key) = certificates.Issue("localhost");
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            binds:
            - port: {{port}}
              listeners:
              - name: default
                protocol: HTTPS
                tls: {cert: cert.pem, key: key.pem}
                routes:
                - backends:
                  - mcp:
                      targets:
                      - name: local
                        stdio: {cmd: "{{McpTestBackends.StdioServer}}"}
            """,
            new Dictionary<string, string> { ["cert.pem"] = certificate, ["key.pem"] = key });
        using var http = new HttpClient(new HttpClientHandler { ServerCertificateCustomValidationCallback = (_, shown, _, _) => shown!.Subject == "CN=localhost" })
        {
            BaseAddress = new Uri($"https://localhost:{port}"),
            DefaultRequestVersion = HttpVersion.Version20,
        };

        var client = new RawMcpClient(http);
        await client.InitializeAsync();
        var answer = await client.AskAsync(RawMcpClient.Request(3, "tools/list"));

        Assert.NotEmpty(answer[^1]["result"]!["tools"]!.AsArray());
    }
}
