using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A credential that is spelled out; exactly one kind.</summary>
public sealed record AzureExplicit
{
    internal static Shape<AzureExplicit> Shape { get; } = Shapes.Object("AzureExplicit", "A credential that is spelled out; exactly one kind.", Read);

    /// <summary>Client secret.</summary>
    public AzureClientSecret? ClientSecret { get; init; }

    /// <summary>Managed identity.</summary>
    public AzureManagedIdentity? ManagedIdentity { get; init; }

    /// <summary>Workload identity.</summary>
    public AzureImplicit? WorkloadIdentity { get; init; }

    private static AzureExplicit Read(ObjectReader r)
    {
        var v = new AzureExplicit
        {
            ClientSecret = r.Optional("clientSecret", AzureClientSecret.Shape, "Client secret."),
            ManagedIdentity = r.Optional("managedIdentity", AzureManagedIdentity.Shape, "Managed identity."),
            WorkloadIdentity = r.Optional("workloadIdentity", AzureImplicit.Shape, "Workload identity.", "{}"),
        };
        r.ExactlyOne("clientSecret", "managedIdentity", "workloadIdentity");
        return v;
    }
}
