namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Envoy's <c>Authorization/Check</c> over gRPC.</summary>
public sealed record ExtAuthzGrpc
{
    /// <summary>Context extensions.</summary>
    public EquatableMap<string> Context { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Metadata by expression.</summary>
    public EquatableMap<Expression> Metadata { get; init; } = EquatableMap<Expression>.Empty;
}
