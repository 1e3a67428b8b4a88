using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Credentials that the environment offers.</summary>
public sealed record AzureImplicit
{
    internal static Shape<AzureImplicit> Shape { get; } = Shapes.Object("AzureImplicit", "Credentials that the environment offers.", Read);

    private static AzureImplicit Read(ObjectReader r) => new();
}
