namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Asks a rate limit service (Envoy RLS v3 over gRPC), or a Redis server that replicas share.</summary>
public sealed record RemoteRateLimit : PolicySnapshot
{
    /// <summary>Domain of the descriptors.</summary>
    public required string Domain { get; init; }

    /// <summary>The rate limit service, or the Redis server.</summary>
    public required RateLimitTarget Target { get; init; }

    /// <summary>Policies of the connection to the service.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>What requests are counted by.</summary>
    public required EquatableArray<RateLimitDescriptor> Descriptors { get; init; }

    /// <summary>What happens when the service cannot be asked: 500, or the request goes on.</summary>
    public FailureMode FailureMode { get; init; }
}
