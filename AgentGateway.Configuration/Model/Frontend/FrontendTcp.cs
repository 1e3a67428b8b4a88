using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>TCP towards clients.</summary>
internal sealed record FrontendTcp
{
    internal static Shape<FrontendTcp> Shape { get; } = Shapes.Object("FrontendTcp", "TCP towards clients.", Read);

    /// <summary>TCP keep-alives.</summary>
    public required Keepalives Keepalives { get; init; }

    private static FrontendTcp Read(ObjectReader r) => new()
    {
        Keepalives = r.Required("keepalives", Keepalives.Shape, "TCP keep-alives."),
    };
}
