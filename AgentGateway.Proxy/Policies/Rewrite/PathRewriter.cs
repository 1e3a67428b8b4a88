using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Rewrite;

/// <summary>Gives a request or a redirect its new path.</summary>
internal sealed class PathRewriter(PathRewrite settings)
{
    private readonly string _replacement = settings.Prefix ? settings.Value.TrimEnd('/') : settings.Value;

    /// <summary>The new path without query, or null when the route was not matched by a path prefix and so there is nothing to replace.</summary>
    public string? Rewrite(RequestContext context)
    {
        if (!settings.Prefix)
        {
            return _replacement;
        }

        if (context.PathMatch is not { Kind: PathMatchKind.Prefix } match)
        {
            return null;
        }

        // The rest starts with a slash or is empty, because prefixes match whole segments (Gateway API, ReplacePrefixMatch).
        var rest = context.Path[match.Value.AsSpan().TrimEnd('/').Length..];
        var path = string.Concat(_replacement, rest);
        return path.Length == 0 ? "/" : path;
    }
}
