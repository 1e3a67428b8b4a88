using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes authority and path before the request goes upstream; the query is kept.</summary>
public sealed record UrlRewrite : PolicySnapshot
{
    internal static Shape<UrlRewrite> Shape { get; } = Shapes.Object("UrlRewrite", "Changes authority and path before the request goes upstream; the query is kept.", Read);

    /// <summary>New authority; replaces the automatic host name.</summary>
    public AuthorityRewrite? Authority { get; init; }

    /// <summary>New path.</summary>
    public PathRewrite? Path { get; init; }

    private static UrlRewrite Read(ObjectReader r) => new()
    {
        Authority = r.Optional("authority", AuthorityRewrite.Shape, "New authority; replaces the automatic host name."),
        Path = r.Optional("path", PathRewrite.Shape, "New path."),
    };
}
