namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Asks an external service whether a request may pass.</summary>
public sealed record ExtAuthz : PolicySnapshot
{
    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to the service.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>How the service is asked; Envoy's gRPC by default.</summary>
    public ExtAuthzProtocol? Protocol { get; init; }

    /// <summary>What happens when the service cannot be asked; <c>deny</c> by default.</summary>
    public ExtAuthzFailureMode? FailureMode { get; init; }

    /// <summary>Headers that the service sees.</summary>
    public EquatableArray<string>? IncludeRequestHeaders { get; init; }

    /// <summary>How much of the body the service sees.</summary>
    public ExtAuthzBody? IncludeRequestBody { get; init; }

    /// <summary>Keeps answers.</summary>
    public ExtAuthzCache? Cache { get; init; }
}
