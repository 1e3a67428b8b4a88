using AgentGateway.Configuration.Model.Frontend;
using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model;

/// <summary>The settings towards clients as written.</summary>
internal sealed record FrontendSection
{
    public static Shape<FrontendSection> Shape { get; } = Shapes.Object("FrontendPolicies", "Access log, tracing, and limits towards clients.", static r =>
    {
        var http = r.Optional("http", FrontendHttp.Shape, "Limits of HTTP.");
        var tls = r.Optional("tls", FrontendTls.Shape, "TLS.");
        var networkExtAuthz = r.Optional("networkExtAuthz", ExtAuthz.Shape, "A service that is asked whether a connection is accepted; `protocol.http` only.");
        if (networkExtAuthz is not null && networkExtAuthz.Protocol?.Http is null)
        {
            r.Error("networkExtAuthz", "frontendPolicies.networkExtAuthz only supports protocol.http");
        }

        var accessLog = r.Optional("accessLog", AccessLog.Shape, "The access log.");
        var logging = r.Optional("logging", AccessLog.Shape, "Another name of `accessLog`.");
        r.AtMostOne("accessLog", "logging");
        var proxyProtocol = r.Optional("proxyProtocol", ProxyProtocol.Shape, "PROXY protocol in front of connections.");
        var proxy = r.Optional("proxy", ProxyProtocol.Shape, "Another name of `proxyProtocol`.");
        r.AtMostOne("proxyProtocol", "proxy");
        return new FrontendSection
        {
            AccessLogAt = r.At(r.IsSet("logging") ? "logging" : "accessLog"),
            TracingAt = r.At("tracing"),
            HasAccessLog = (accessLog ?? logging) is not null,
            Frontend = new FrontendSnapshot
            {
                Http = (http ?? new FrontendHttp()).ToSnapshot(),
                Tls = (tls ?? new FrontendTls()).ToSnapshot(),
                HandshakeTimeout = (tls ?? new FrontendTls()).HandshakeTimeout,
                KeepAlive = r.Optional("tcp", FrontendTcp.Shape, "TCP.")?.Keepalives is { Enabled: true } probes ? new TcpKeepAliveSnapshot(probes.Time, probes.Interval, probes.Retries) : null,
                ProxyProtocol = (proxyProtocol ?? proxy)?.ToSnapshot(),
                Connect = r.Optional("connect", ConnectPolicy.Shape, "What becomes of CONNECT requests.")?.Mode ?? ConnectMode.Deny,
                NetworkAuthorization = r.Optional("networkAuthorization", AuthorizationPolicy.Shape, "Which connections are accepted, by rules over `source` and `destination`."),
                NetworkExtAuthz = networkExtAuthz,
            },
            AccessLog = accessLog ?? logging ?? new AccessLog(),
            Tracing = r.Optional("tracing", FrontendTracing.Shape, "Export of request traces."),
        };
    });

    public required SourceLocation AccessLogAt { get; init; }

    public required SourceLocation TracingAt { get; init; }

    public bool HasAccessLog { get; init; }

    public required FrontendSnapshot Frontend { get; init; }

    public required AccessLog AccessLog { get; init; }

    public TracingSnapshot? Tracing { get; init; }
}
