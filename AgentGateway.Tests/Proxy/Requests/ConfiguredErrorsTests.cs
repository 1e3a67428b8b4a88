using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Requests;

/// <summary>Rows of the error table (config-mcp 1.13) as configurations bring them about, in both forms, through real connections.</summary>
public sealed class ConfiguredErrorsTests
{
    private const string Host = "host: '127.0.0.1:1'";

    [Theory]
    [InlineData(Host, "jwtAuth: {mode: strict, issuer: i, jwks: '{\"keys\":[]}'}", 401, "authentication failure: no bearer token found", 16)]
    [InlineData(Host, "apiKey: {mode: strict, keys: [{key: k}]}", 401, "api key authentication failure: no API Key found", 16)]
    [InlineData(Host, "basicAuth: {mode: strict, htpasswd: 'bob:{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0='}", 401, "basic authentication failure: ", 16)]
    [InlineData(Host, "authorization: {rules: [{deny: 'true'}]}", 403, "authorization failed", 7)]
    [InlineData(Host, "extAuthz: {host: 'localhost:1', protocol: {http: {}}}", 403, "external authorization failed", 7)]
    [InlineData(Host, "csrf: {}", 403, "CSRF validation failed", 7)]
    [InlineData(Host, "localRateLimit: [{maxTokens: 0, tokensPerFill: 0, fillInterval: 1s}]", 429, "rate limit exceeded", 8)]
    [InlineData(Host, "transformations: {request: {set: {':path': '\"no path\"'}}}", 500, "failed to apply filters: ", 2)]
    [InlineData(Host, "backendAuth: {oauthTokenExchange: {host: 'localhost:1'}}", 500, "backend authentication failed: ", 2)]
    [InlineData(Host, "remoteRateLimit: {domain: d, host: 'localhost:1', descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}", 500, "rate limit failed", 2)]
    [InlineData("service: {name: ns/empty, port: 80}", "", 503, "no healthy backends", 14)]
    [InlineData(Host, "", 503, "upstream call failed: connect to 127.0.0.1:1", 14)]
    [InlineData("host: 'name.invalid:80'", "", 503, "backends required DNS resolution which failed", 14)]
    [InlineData("host: '127.0.0.1:{silent}'", "timeout: {requestTimeout: 200ms}", 504, "request timeout", 4)]
    [InlineData("host: '127.0.0.1:{silent}'", "timeout: {backendRequestTimeout: 200ms}", 504, "upstream call timeout", 4)]
    [InlineData("dynamic: {target: '\"no host!\"'}", "", 400, "invalid request", 13)]
    public async Task Error_OfAConfiguration_IsTextOrGrpcStatus(string backend, string policy, int status, string message, int grpcStatus)
    {
        await using var silent = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadToEndAsync();
        });
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            services: [{name: empty, namespace: ns, hostname: empty, ports: {"80": 8080} }]
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - policies: { {{policy}} }
                  backends:
                  - {{backend.Replace("{silent}", silent.Port.ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal)}}
            """);

        var (textHead, text) = await AskAsync(port, "");
        var (grpcHead, grpc) = await AskAsync(port, "Content-Type: application/grpc\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", textHead, StringComparison.Ordinal);
        Assert.StartsWith(message, text, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", grpcHead, StringComparison.Ordinal);
        Assert.Contains($"grpc-status: {grpcStatus}\r\n", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"grpc-message: {Uri.EscapeDataString(message)}", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", grpc);
    }

    [Theory]
    [InlineData("", "HTTP/1.1 401 ", "WWW-Authenticate: Basic realm=\"team\"")]
    [InlineData("authorizationLocation: {header: {name: Proxy-Authorization, prefix: 'Basic '}}", "HTTP/1.1 407 ", "Proxy-Authenticate: Basic realm=\"team\"")]
    public async Task BasicAuthentication_OfEachPlace_Challenges(string location, string status, string challenge)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync(
            $"binds: [{{port: {port}, listeners: [{{routes: [{{policies: {{basicAuth: {{mode: strict, realm: team, htpasswd: 'bob:{{SHA}}87u9ZqY9S/F0eUBXjsPQEDUw4h0='{(location.Length > 0 ? ", " + location : "")}}}, directResponse: {{status: 200}}}}}}]}}]}}]");

        var (head, _) = await AskAsync(port, "");

        Assert.StartsWith(status, head, StringComparison.Ordinal);
        Assert.Contains(challenge, head, StringComparison.OrdinalIgnoreCase);
    }

    private static async Task<(string Head, string Body)> AskAsync(int port, string headers)
    {
        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n{headers}Content-Length: 0\r\n\r\n");
        return await peer.ReadResponseAsync();
    }
}
