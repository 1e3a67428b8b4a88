using System.Collections.Immutable;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Backends.Health;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Routing;

/// <summary>Compiles how connections to a backend are made: process-wide settings, then the backend policies <c>tcp</c>, <c>http</c>, <c>backendTLS</c> and <c>backendTunnel</c>.</summary>
internal static class BackendTransports
{
    /// <exception cref="IOException">A tunnel's proxy or one of its policies cannot be used.</exception>
    public static TransportOptions Compile(UpstreamSettings settings, EquatableArray<PolicySnapshot> policies, GatewaySnapshot snapshot)
    {
        var options = new TransportOptions
        {
            ConnectTimeout = TimeLimit.Of(settings.ConnectTimeout),
            PoolIdleTimeout = settings.PoolIdleTimeout,
            PoolMaxSize = settings.PoolMaxSize ?? TransportOptions.Default.PoolMaxSize,
            KeepAlive = Probes(settings.Keepalives ?? new Keepalives()),
        };
        foreach (var policy in policies)
        {
            options = policy switch
            {
                BackendTcp tcp => options with { ConnectTimeout = TimeLimit.Of(tcp.ConnectTimeout), KeepAlive = Probes(tcp.Keepalives) },
                BackendHttp { Version: UpstreamHttpVersion.Http11 } => options with { HttpVersion = HttpVersion.Version11 },
                BackendHttp { Version: UpstreamHttpVersion.Http2 } => options with { HttpVersion = HttpVersion.Version20 },
                BackendTls tls => options with { Tls = Load(tls) },
                BackendTunnel tunnel => options with { Tunnel = BackendTunnels.Compile(tunnel, settings, snapshot) },
                _ => options,
            };
        }

        // The one instance by which backends recognise the ordinary case.
        return options == TransportOptions.Default ? TransportOptions.Default : options;
    }

    public static EvictionSettings? Compile(Eviction? eviction) => eviction is null
        ? null
        : new EvictionSettings
        {
            Duration = eviction.Duration ?? new EvictionSettings().Duration,
            ConsecutiveFailures = eviction.ConsecutiveFailures,
            HealthThreshold = eviction.HealthThreshold,
            RestoreHealth = eviction.RestoreHealth ?? 1,
        };

    private static KeepAliveOptions? Probes(Keepalives keepalives) =>
        keepalives.Enabled ? new KeepAliveOptions { Time = keepalives.Time, Interval = keepalives.Interval, Retries = keepalives.Retries } : null;

    private static BackendTlsOptions Load(BackendTls tls) => new()
    {
        Identity = tls,
        ClientCertificate = tls is { Cert: { } certificate, Key: { } key } ? LoadClient(certificate.Text, key.Reveal()) : null,
        Roots = tls.Root is { } root ? LoadAll(root.Text) : null,
        ServerName = tls.Hostname,
        SkipVerification = tls.Insecure,
        SkipNameCheck = tls.InsecureHost,
        SubjectAltNames = tls.SubjectAltNames is { } names ? [.. names] : [],
        Alpn = tls.Alpn is { } alpn ? [.. alpn] : ImmutableArray<string>.Empty,
    };

    private static SslClientCertificate LoadClient(string certificates, string key)
    {
        var own = X509Certificate2.CreateFromPem(certificates, key);
        var chain = LoadAll(certificates);
        chain.RemoveAt(0);
        return new SslClientCertificate(own, chain);
    }

    private static X509Certificate2Collection LoadAll(string certificates)
    {
        var all = new X509Certificate2Collection();
        all.ImportFromPem(certificates);
        return all;
    }
}
