namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Sends a copy of requests to another backend and ignores its answer. Bodies are not copied.</summary>
public sealed record RequestMirror : PolicySnapshot
{

    /// <summary>Where copies go.</summary>
    public required BackendReference Backend { get; init; }

    /// <summary>Share of requests that are copied, 0 to 1.</summary>
    public required double Percentage { get; init; }

}
