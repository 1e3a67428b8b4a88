using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A managed identity.</summary>
public sealed record AzureManagedIdentity
{
    internal static Shape<AzureManagedIdentity> Shape { get; } = Shapes.Object("AzureManagedIdentity", "A managed identity.", Read);

    /// <summary>Which one; the system's own by default.</summary>
    public AzureUserAssignedIdentity? UserAssignedIdentity { get; init; }

    private static AzureManagedIdentity Read(ObjectReader r) => new()
    {
        UserAssignedIdentity = r.Optional("userAssignedIdentity", AzureUserAssignedIdentity.Shape, "Which one; the system's own by default."),
    };
}
