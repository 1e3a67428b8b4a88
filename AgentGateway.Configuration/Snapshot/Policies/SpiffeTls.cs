using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Identity from a SPIFFE workload API.</summary>
public sealed record SpiffeTls
{
    internal static Shape<SpiffeTls> Shape { get; } = Shapes.Object("SpiffeTls", "Identity from a SPIFFE workload API.", Read);

    private static SpiffeTls Read(ObjectReader r) => new();
}
