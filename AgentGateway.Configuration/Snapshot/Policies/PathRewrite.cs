using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the path of a request or redirect is changed.</summary>
/// <param name="Prefix">True replaces the prefix that the route matched, false the whole path.</param>
/// <param name="Value">New path or prefix.</param>
public sealed record PathRewrite(bool Prefix, string Value)
{
    internal static Shape<PathRewrite> Shape { get; } = Shapes.Object("PathRewrite", "How the path is changed.", static r =>
    {
        var full = r.Optional("full", ValueShapes.RewritePath, "The whole path.", "/v2/users");
        var prefix = r.Optional("prefix", ValueShapes.RewritePrefix, "Replaces the prefix that the route's `pathPrefix` matched.", "/v2");
        r.ExactlyOne("full", "prefix");
        return full is not null ? new PathRewrite(false, full) : new PathRewrite(true, prefix ?? "/");
    });
}
