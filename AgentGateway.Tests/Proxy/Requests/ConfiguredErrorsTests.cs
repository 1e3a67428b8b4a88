using System.Text;
using System.Text.RegularExpressions;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Telemetry.Metrics;
using Xunit;

namespace AgentGateway.Tests.Proxy.Requests;

/// <summary>Rows of the error table (config-mcp 1.13) as configurations bring them about, in both forms, through real connections.</summary>
public sealed class ConfiguredErrorsTests
{
    private const string Host = "host: '127.0.0.1:1'";

    [Theory]
    [InlineData(Host, "jwtAuth: {mode: strict, issuer: i, jwks: '{\"keys\":[]}'}", 401, "authentication failure: no bearer token found", 16, "JwtAuth")]
    [InlineData(Host, "apiKey: {mode: strict, keys: [{key: k}]}", 401, "api key authentication failure: no API Key found", 16, "APIKeyAuth")]
    [InlineData(Host, "basicAuth: {mode: strict, htpasswd: 'bob:{SHA}87u9ZqY9S/F0eUBXjsPQEDUw4h0='}", 401, "basic authentication failure: ", 16, "BasicAuth")]
    [InlineData(Host, "authorization: {rules: [{deny: 'true'}]}", 403, "authorization failed", 7, "Authorization")]
    [InlineData(Host, "extAuthz: {host: 'localhost:1', protocol: {http: {}}}", 403, "external authorization failed", 7, "ExtAuth")]
    [InlineData(Host, "csrf: {}", 403, "CSRF validation failed", 7, "Authorization")]
    [InlineData(Host, "localRateLimit: [{maxTokens: 0, tokensPerFill: 0, fillInterval: 1s}]", 429, "rate limit exceeded", 8, "RateLimit")]
    [InlineData(Host, "transformations: {request: {set: {':path': '\"no path\"'}}}", 500, "failed to apply filters: ", 2, "Internal")]
    [InlineData(Host, "backendAuth: {oauthTokenExchange: {host: 'localhost:1'}}", 500, "backend authentication failed: ", 2, "Internal")]
    [InlineData(Host, "remoteRateLimit: {domain: d, host: 'localhost:1', descriptors: [{entries: [{key: k, value: '\"v\"'}]}]}", 500, "rate limit failed", 2, "RateLimit")]
    [InlineData("service: {name: ns/empty, port: 80}", "", 503, "no healthy backends", 14, "NoHealthyBackend")]
    [InlineData(Host, "", 503, "upstream call failed: connect to 127.0.0.1:1", 14, "UpstreamFailure")]
    [InlineData("host: 'name.invalid:80'", "", 503, "backends required DNS resolution which failed", 14, "UpstreamFailure")]
    [InlineData("host: '127.0.0.1:{silent}'", "timeout: {requestTimeout: 200ms}", 504, "request timeout", 4, "Timeout")]
    [InlineData("host: '127.0.0.1:{silent}'", "timeout: {backendRequestTimeout: 200ms}", 504, "upstream call timeout", 4, "Timeout")]
    [InlineData("dynamic: {target: '\"no host!\"'}", "", 400, "invalid request", 13, "InvalidRequest")]
    [InlineData("routeGroup: cycle", "", 500, "route delegation cycle detected", 2, "Internal")]
    [InlineData("routeGroup: empty", "", 404, "route not found", 12, "NotFound")]
    [InlineData("routeGroup: nowhere", "", 404, "route not found", 12, "NotFound")]
    [InlineData("{weight: 0, host: 'a:1'}", "", 500, "no valid backends", 14, "Internal")]
    [InlineData("dynamic: {target: 'request.headers[\"none\"]'}", "", 503, "processing failed: ", 14, "Internal")]
    [InlineData("host: '127.0.0.1:{broken}'", "", 503, "upstream call failed: ", 14, "UpstreamFailure")]
    public async Task Error_OfAConfiguration_IsTextOrGrpcStatus(string backend, string policy, int status, string message, int grpcStatus, string reason)
    {
        await using var silent = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadToEndAsync();
        });
        await using var broken = RawUpstream.Answering("HTTP/1.1 200 OK\r\nX: a\r\n folded\r\nContent-Length: 0\r\n\r\n");
        var port = ConfiguredGateway.FreePorts(1)[0];
        using var lines = new MemoryStream();
        using var output = new LogOutput(lines);
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            backends: [{name: mcp, mcp: {targets: [{name: a, mcp: {host: 'http://localhost:1/mcp'} }]} }]
            routeGroups:
            - {name: empty, routes: [{matches: [{path: {exact: /never} }], backends: [{host: 'a:1'}]}]}
            - {name: cycle, routes: [{backends: [{routeGroup: cycle}]}]}
            services: [{name: empty, namespace: ns, hostname: empty, ports: {"80": 8080} }]
            binds:
            - port: {{port}}
              listeners:
              - routes:
                - policies: { {{policy}} }
                  backends:
                  - {{backend.Replace("{silent}", Text(silent), StringComparison.Ordinal).Replace("{broken}", Text(broken), StringComparison.Ordinal)}}
            """,
            telemetry: new TelemetryConnections { AccessLog = output });

        var (textHead, text) = await AskAsync(port, "");
        var (grpcHead, grpc) = await AskAsync(port, "Content-Type: application/grpc\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", textHead, StringComparison.Ordinal);
        Assert.StartsWith(message, text, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", grpcHead, StringComparison.Ordinal);
        Assert.Contains($"grpc-status: {grpcStatus}\r\n", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"grpc-message: {Uri.EscapeDataString(message)}", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", grpc);

        // Log and metrics say why, for the text client and for the gRPC client.
        await gateway.StopAsync();
        output.Dispose();
        var log = Encoding.UTF8.GetString(lines.ToArray());
        Assert.Matches($" http\\.status={status} protocol=http error=\"{Regex.Escape(message)}[^\n]* reason={reason} duration=[0-9]+ms\n", log);
        Assert.Matches($" http\\.status=200 grpc\\.status={grpcStatus} protocol=http error=\"{Regex.Escape(message)}[^\n]* reason={reason} duration=[0-9]+ms\n", log);
        using var buffer = new ByteBuffer(4096);
        gateway.Host.Services.Telemetry.Metrics.WriteTo(buffer);
        var requests = OpenMetricsText.Parse(Encoding.UTF8.GetString(buffer.WrittenSpan))["agentgateway_requests"];
        Assert.All(requests, sample => Assert.Equal(reason, sample["reason"]));
        Assert.Equal(2, requests.Sum(static sample => sample.Value));
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

    private static string Text(RawUpstream upstream) => upstream.Port.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static async Task<(string Head, string Body)> AskAsync(int port, string headers)
    {
        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\nSec-Fetch-Site: cross-site\r\n{headers}Content-Length: 0\r\n\r\n");
        return await peer.ReadResponseAsync();
    }
}
