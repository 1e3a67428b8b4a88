using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Requests;

/// <summary>The error table (config-mcp 1.13): status and message as text, and as gRPC status for gRPC clients.</summary>
public sealed class ErrorTableTests
{
    [Theory]
    [InlineData("listener", 404, "listener not found", 12)]
    [InlineData("route", 404, "route not found", 12)]
    [InlineData("backends", 500, "no valid backends", 14)]
    [InlineData("weights", 500, "no valid backends", 14)]
    [InlineData("limit", 429, "rate limit exceeded", 8)]
    [InlineData("csrf", 403, "CSRF validation failed", 7)]
    public async Task Error_OfTheGateway_IsTextOrGrpcStatus(string kind, int status, string message, int grpcStatus)
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => kind switch
            {
                "route" => route with { Hostnames = ["other.example"] },
                "backends" => route with { Backends = [] },
                "weights" => route with { Backends = [route.Backends[0] with { Weight = 0 }] },
                "limit" => route with { Policies = [new LocalRateLimits([new LocalRateLimit { FillInterval = TimeSpan.FromHours(1) }])] },
                "csrf" => route with { Policies = [new CsrfPolicy()] },
                _ => route,
            },
            listener => kind == "listener" ? listener with { Hostname = "other.example" } : listener);

        var (textHead, text) = await gateway.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\nContent-Length: 0\r\n\r\n");
        var (grpcHead, grpc) = await gateway.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nOrigin: http://evil.example\r\nContent-Type: application/grpc+proto\r\nContent-Length: 0\r\n\r\n");

        Assert.StartsWith($"HTTP/1.1 {status} ", textHead, StringComparison.Ordinal);
        Assert.Contains("Content-Type: text/plain\r\n", textHead, StringComparison.Ordinal);
        Assert.Equal(message, text);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", grpcHead, StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/grpc\r\n", grpcHead, StringComparison.Ordinal);
        Assert.Contains($"grpc-status: {grpcStatus}\r\n", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"grpc-message: {Uri.EscapeDataString(message)}\r\n", grpcHead, StringComparison.OrdinalIgnoreCase);
        Assert.Equal("", grpc);
    }

    [Theory]
    [InlineData("application/grpc", "application/grpc")]
    [InlineData("application/grpc; charset=utf-8", "application/grpc")]
    [InlineData("APPLICATION/GRPC+proto", "application/grpc")]
    [InlineData("application/grpc-web", "application/grpc-web")]
    [InlineData("application/grpc-web+proto; x=y", "application/grpc-web+proto")]
    [InlineData("application/grpc-web-text", "application/grpc-web-text")]
    public async Task Error_ForAGrpcClient_HasATypeThatItAccepts(string requested, string answered)
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Hostnames = ["other.example"] });

        var (head, _) = await gateway.SendAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: {requested}\r\nContent-Length: 0\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains($"Content-Type: {answered}\r\n", head, StringComparison.Ordinal);
        Assert.Contains("grpc-status: 12\r\n", head, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void Reply_OfTheTable_HasItsStatusAndMessage()
    {
        (GatewayReply Reply, int Status, string Message)[] table =
        [
            (GatewayReply.InvalidRequest, 400, "invalid request"),
            (GatewayReply.AuthorizationFailed, 403, "authorization failed"),
            (GatewayReply.CsrfFailed, 403, "CSRF validation failed"),
            (GatewayReply.BindNotFound, 404, "bind not found"),
            (GatewayReply.ListenerNotFound, 404, "listener not found"),
            (GatewayReply.RouteNotFound, 404, "route not found"),
            (GatewayReply.MethodNotAllowed, 405, "method not allowed"),
            (GatewayReply.Misdirected, 421, "misdirected request"),
            (GatewayReply.RateLimitExceeded, 429, "rate limit exceeded"),
            (GatewayReply.RateLimitFailed, 500, "rate limit failed"),
            (GatewayReply.NoValidBackends, 500, "no valid backends"),
            (GatewayReply.BackendDoesNotExist, 500, "backend does not exist"),
            (GatewayReply.ServiceNotFound, 500, "service not found"),
            (GatewayReply.InvalidBackendType, 500, "invalid backend type"),
            (GatewayReply.MirrorBackendUnsupported, 500, "backend type cannot be used in mirror"),
            (GatewayReply.DelegationCycle, 500, "route delegation cycle detected"),
            (GatewayReply.FilterFailed("x"), 500, "failed to apply filters: x"),
            (GatewayReply.BackendAuthenticationFailed("x"), 500, "backend authentication failed: x"),
            (GatewayReply.UpgradeFailed("x"), 502, "request upgrade failed, x"),
            (GatewayReply.NoHealthyBackends, 503, "no healthy backends"),
            (GatewayReply.DnsFailed, 503, "backends required DNS resolution which failed"),
            (GatewayReply.UpstreamCallFailed("x"), 503, "upstream call failed: x"),
            (GatewayReply.ProcessingFailed("x"), 503, "processing failed: x"),
            (GatewayReply.BodyFailed("x"), 503, "parsing body: x"),
            (GatewayReply.RequestTimeout, 504, "request timeout"),
            (GatewayReply.UpstreamCallTimeout, 504, "upstream call timeout"),
        ];

        Assert.All(table, static row =>
        {
            Assert.Equal(row.Status, row.Reply.Status);
            Assert.Equal(row.Message, row.Reply.Error);
            Assert.Equal(row.Message, System.Text.Encoding.UTF8.GetString(row.Reply.Body.Span));
            Assert.Equal("text/plain", row.Reply.ContentType);
        });
    }
}
