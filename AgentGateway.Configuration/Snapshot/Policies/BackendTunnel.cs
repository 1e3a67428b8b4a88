using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Connects through an HTTP CONNECT proxy.</summary>
public sealed record BackendTunnel : PolicySnapshot
{
    internal static Shape<BackendTunnel> Shape { get; } = Shapes.Object("BackendTunnel", "Connects through an HTTP CONNECT proxy.", Read);

    /// <summary>The proxy.</summary>
    public required BackendReference Proxy { get; init; }

    /// <summary>Policies of the connection to the proxy.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static BackendTunnel Read(ObjectReader r)
    {
        if (r.HasInside("proxy", "service"))
        {
            r.NotSupportedYet("proxy");
        }

        return new BackendTunnel
        {
            Proxy = r.Required("proxy", BackendReference.Shape, "The proxy."),
            Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the proxy.", "{}"),
        };
    }
}
