namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes authority and path before the request goes upstream; the query is kept.</summary>
public sealed record UrlRewrite : PolicySnapshot
{

    /// <summary>New authority; replaces the automatic host name.</summary>
    public AuthorityRewrite? Authority { get; init; }

    /// <summary>New path.</summary>
    public PathRewrite? Path { get; init; }

}
