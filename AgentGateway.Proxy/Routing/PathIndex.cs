using System.Runtime.InteropServices;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// The routes of one host name, found by path: exact paths and prefixes by dictionary, whatever their number; regular expressions one after
/// the other.
/// </summary>
/// <typeparam name="TRoute">What a match leads to.</typeparam>
internal sealed class PathIndex<TRoute>
    where TRoute : class
{
    // Not frozen: there are as many of these as host names, and most hold one path.
    private readonly Dictionary<string, List<RouteEntry<TRoute>>>.AlternateLookup<ReadOnlySpan<char>>? _exact;
    private readonly Dictionary<string, List<RouteEntry<TRoute>>>.AlternateLookup<ReadOnlySpan<char>> _prefixes;

    // Index: length of a prefix. A path is looked up only at lengths that some prefix has.
    private readonly bool[] _prefixLengths;
    private readonly RouteEntry<TRoute>[] _regexes;

    public PathIndex(List<RouteEntry<TRoute>> entries)
    {
        // The sort is stable by key and position: equal entries keep the order of the document.
        RouteEntry<TRoute>[] sorted = entries.Count == 1 ? [entries[0]] : [.. entries.Order()];
        var exact = Group(sorted, PathMatchKind.Exact);
        var prefixes = Group(sorted, PathMatchKind.Prefix);
        _exact = exact.Count > 0 ? exact.GetAlternateLookup<ReadOnlySpan<char>>() : null;
        _prefixes = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        var longest = -1;
        foreach (var prefix in prefixes.Keys)
        {
            longest = Math.Max(longest, prefix.Length);
        }

        _prefixLengths = new bool[longest + 1];
        foreach (var prefix in prefixes.Keys)
        {
            _prefixLengths[prefix.Length] = true;
        }

        _regexes = Array.FindAll(sorted, static entry => entry.Path.Kind == PathMatchKind.Regex);
    }

    /// <summary>Finds the entry with the highest precedence, or null.</summary>
    public RouteEntry<TRoute>? Find(in RouteQuestion request)
    {
        var path = request.Path;
        if (_exact is { } byPath && byPath.TryGetValue(path, out var exact) && First(exact, request) is { } byExact)
        {
            return byExact;
        }

        for (var length = Math.Min(path.Length, _prefixLengths.Length - 1); length >= 0; length--)
        {
            if (_prefixLengths[length]
                && (length == path.Length || path[length] == '/')
                && _prefixes.TryGetValue(path[..length], out var entries)
                && First(entries, request) is { } byPrefix)
            {
                return byPrefix;
            }
        }

        foreach (var entry in _regexes)
        {
            if (entry.MatchesRest(request) && entry.MatchesPathRegex(path))
            {
                return entry;
            }
        }

        return null;
    }

    private static RouteEntry<TRoute>? First(List<RouteEntry<TRoute>> entries, in RouteQuestion request)
    {
        foreach (var entry in CollectionsMarshal.AsSpan(entries))
        {
            if (entry.MatchesRest(request))
            {
                return entry;
            }
        }

        return null;
    }

    private static Dictionary<string, List<RouteEntry<TRoute>>> Group(RouteEntry<TRoute>[] sorted, PathMatchKind kind)
    {
        var groups = new Dictionary<string, List<RouteEntry<TRoute>>>(StringComparer.Ordinal);
        foreach (var entry in sorted)
        {
            if (entry.Path.Kind == kind)
            {
                ref var group = ref CollectionsMarshal.GetValueRefOrAddDefault(groups, entry.IndexPath, out _);
                group ??= new List<RouteEntry<TRoute>>(1);
                group.Add(entry);
            }
        }

        return groups;
    }
}
