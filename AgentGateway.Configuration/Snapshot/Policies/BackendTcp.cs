using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>TCP towards an upstream.</summary>
public sealed record BackendTcp : PolicySnapshot
{
    internal static Shape<BackendTcp> Shape { get; } = Shapes.Object("BackendTcp", "TCP towards an upstream.", Read);

    /// <summary>TCP keep-alives.</summary>
    public required Keepalives Keepalives { get; init; }

    /// <summary>Longest time to connect.</summary>
    public required TimeSpan ConnectTimeout { get; init; }

    private static BackendTcp Read(ObjectReader r) => new()
    {
        Keepalives = r.Required("keepalives", Keepalives.Shape, "TCP keep-alives."),
        ConnectTimeout = r.Required("connectTimeout", Shapes.PositiveDuration, "Longest time to connect.", "10s"),
    };
}
