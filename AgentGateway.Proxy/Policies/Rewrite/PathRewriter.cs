using System.Text;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Policies.Rewrite;

/// <summary>Gives a request or a redirect its new path.</summary>
internal sealed class PathRewriter(PathRewrite settings)
{
    // A request target and a Location are ASCII: letters beyond it are percent-encoded, all else stays as it is written.
    private readonly string _replacement = Encode(settings.Prefix ? settings.Value.TrimEnd('/') : settings.Value);

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

    /// <summary>Path and query of the result; a query that the new path brings along stands before that of the request.</summary>
    public static string WithQuery(string path, ReadOnlySpan<char> query) =>
        query.Length > 1 && path.Contains('?') ? string.Concat(path, "&", query[1..]) : path.Contains('?') ? path : string.Concat(path, query);

    private static string Encode(string path)
    {
        if (Ascii.IsValid(path))
        {
            return path;
        }

        var encoded = new StringBuilder(path.Length * 3);
        foreach (var rune in path.EnumerateRunes())
        {
            encoded.Append(rune.IsAscii ? rune.ToString() : Uri.EscapeDataString(rune.ToString()));
        }

        return encoded.ToString();
    }
}
