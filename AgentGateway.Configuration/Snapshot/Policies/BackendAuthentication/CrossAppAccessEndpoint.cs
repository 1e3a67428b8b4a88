using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token endpoint.</summary>
public sealed record CrossAppAccessEndpoint
{
    internal static Shape<CrossAppAccessEndpoint> Shape { get; } = Shapes.Object("CrossAppAccessEndpoint", "A token endpoint.", Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to it.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Path of the endpoint; <c>/</c> by default.</summary>
    public string? Path { get; init; }

    /// <summary>How the gateway authenticates there.</summary>
    public required OAuthClientAuth ClientAuth { get; init; }

    private static CrossAppAccessEndpoint Read(ObjectReader r) => new()
    {
        Target = BackendReference.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to it.", "{}"),
        Path = r.Optional("path", Shapes.Text, "Path of the endpoint; `/` by default.", "/oauth/token"),
        ClientAuth = r.Required("clientAuth", OAuthClientAuth.Shape, "How the gateway authenticates there.", "{clientId: gateway, clientSecret: secret}"),
    };
}
