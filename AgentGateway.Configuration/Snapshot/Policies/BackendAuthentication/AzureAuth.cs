using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Azure credentials; exactly one kind.</summary>
public sealed record AzureAuth
{
    internal static Shape<AzureAuth> Shape { get; } = Shapes.Object("AzureAuth", "Azure credentials; exactly one kind.", Read);

    /// <summary>A credential that is spelled out.</summary>
    public AzureExplicit? ExplicitConfig { get; init; }

    /// <summary>The developer's own login.</summary>
    public AzureImplicit? DeveloperImplicit { get; init; }

    /// <summary>What the environment offers.</summary>
    public AzureImplicit? Implicit { get; init; }

    private static AzureAuth Read(ObjectReader r)
    {
        var v = new AzureAuth
        {
            ExplicitConfig = r.Optional("explicitConfig", AzureExplicit.Shape, "A credential that is spelled out."),
            DeveloperImplicit = r.Optional("developerImplicit", AzureImplicit.Shape, "The developer's own login.", "{}"),
            Implicit = r.Optional("implicit", AzureImplicit.Shape, "What the environment offers.", "{}"),
        };
        r.ExactlyOne("explicitConfig", "developerImplicit", "implicit");
        return v;
    }
}
