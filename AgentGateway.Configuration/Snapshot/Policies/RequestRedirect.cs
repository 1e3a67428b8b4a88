namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Answers with a redirect.</summary>
public sealed record RequestRedirect : PolicySnapshot
{

    /// <summary>Scheme of the target; the request's by default.</summary>
    public string? Scheme { get; init; }

    /// <summary>Authority of the target.</summary>
    public AuthorityRewrite? Authority { get; init; }

    /// <summary>Path of the target.</summary>
    public PathRewrite? Path { get; init; }

    /// <summary>Status of the answer.</summary>
    public int Status { get; init; } = 302;

}
