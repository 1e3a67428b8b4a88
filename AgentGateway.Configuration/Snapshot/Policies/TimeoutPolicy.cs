namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Time limits of a request; exceeded, it gets 504.</summary>
public sealed record TimeoutPolicy : PolicySnapshot
{

    /// <summary>Longest time from the request to the response headers, over all attempts.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Longest time of one attempt.</summary>
    public TimeSpan? BackendRequestTimeout { get; init; }

}
