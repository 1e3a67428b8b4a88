using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Frontend;

namespace AgentGateway.Configuration.Model.Frontend;

/// <summary>What becomes of CONNECT requests.</summary>
internal sealed record ConnectPolicy
{
    internal static Shape<ConnectPolicy> Shape { get; } = Shapes.Object("ConnectPolicy", "What becomes of CONNECT requests.", Read);

    /// <summary>What becomes of them.</summary>
    public required ConnectMode Mode { get; init; }

    private static ConnectPolicy Read(ObjectReader r) => new() { Mode = r.Required("mode", EnumShapes.ConnectModeWords, "What becomes of them.") };
}
