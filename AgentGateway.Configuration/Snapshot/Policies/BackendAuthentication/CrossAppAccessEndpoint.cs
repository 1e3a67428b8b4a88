namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A token endpoint.</summary>
public sealed record CrossAppAccessEndpoint
{
    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to it.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Path of the endpoint; <c>/</c> by default.</summary>
    public string? Path { get; init; }

    /// <summary>How the gateway authenticates there.</summary>
    public required OAuthClientAuth ClientAuth { get; init; }
}
