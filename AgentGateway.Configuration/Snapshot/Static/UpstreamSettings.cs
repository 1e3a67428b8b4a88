using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Connections to upstreams.</summary>
public sealed record UpstreamSettings
{
    internal static Shape<UpstreamSettings> Shape { get; } = Shapes.Object("UpstreamSettings", "Connections to upstreams.", Read);

    /// <summary>TCP keep-alives.</summary>
    public Keepalives? Keepalives { get; init; }

    /// <summary>Longest time to connect.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Idle time after which a pooled connection is closed.</summary>
    public TimeSpan PoolIdleTimeout { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>Most idle connections for each upstream.</summary>
    public int? PoolMaxSize { get; init; }

    private static UpstreamSettings Read(ObjectReader r) => new()
    {
        Keepalives = r.Optional("keepalives", Keepalives.Shape, "TCP keep-alives."),
        ConnectTimeout = r.Value("connectTimeout", Shapes.PositiveDuration, TimeSpan.FromSeconds(10), "Longest time to connect.", "10s"),
        PoolIdleTimeout = r.Value("poolIdleTimeout", Shapes.PositiveDuration, TimeSpan.FromSeconds(90), "Idle time after which a pooled connection is closed.", "1m30s"),
        PoolMaxSize = r.OptionalValue("poolMaxSize", Shapes.Int(0, 1000000, "100"), "Most idle connections for each upstream."),
    };
}
