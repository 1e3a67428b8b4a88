using System.Collections.Frozen;
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
    private readonly FrozenDictionary<string, RouteEntry<TRoute>[]>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly FrozenDictionary<string, RouteEntry<TRoute>[]>.AlternateLookup<ReadOnlySpan<char>> _prefixes;
    private readonly bool _hasExact;

    // Index: length of a prefix. A path is looked up only at lengths that some prefix has.
    private readonly bool[] _prefixLengths;
    private readonly RouteEntry<TRoute>[] _regexes;

    public PathIndex(List<RouteEntry<TRoute>> entries)
    {
        // The sort is stable by key and position: equal entries keep the order of the document.
        RouteEntry<TRoute>[] sorted = [.. entries.Order()];
        var exact = Group(sorted, PathMatchKind.Exact);
        var prefixes = Group(sorted, PathMatchKind.Prefix);
        _exact = exact.GetAlternateLookup<ReadOnlySpan<char>>();
        _hasExact = exact.Count > 0;
        _prefixes = prefixes.GetAlternateLookup<ReadOnlySpan<char>>();
        _prefixLengths = new bool[prefixes.Count == 0 ? 0 : prefixes.Keys.Max(key => key.Length) + 1];
        foreach (var prefix in prefixes.Keys)
        {
            _prefixLengths[prefix.Length] = true;
        }

        _regexes = [.. sorted.Where(entry => entry.Path.Kind == PathMatchKind.Regex)];
    }

    /// <summary>Finds the entry with the highest precedence, or null.</summary>
    public RouteEntry<TRoute>? Find(in RouteQuestion request)
    {
        var path = request.Path;
        if (_hasExact && _exact.TryGetValue(path, out var exact) && First(exact, request) is { } byExact)
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

    private static RouteEntry<TRoute>? First(RouteEntry<TRoute>[] entries, in RouteQuestion request)
    {
        foreach (var entry in entries)
        {
            if (entry.MatchesRest(request))
            {
                return entry;
            }
        }

        return null;
    }

    private static FrozenDictionary<string, RouteEntry<TRoute>[]> Group(RouteEntry<TRoute>[] sorted, PathMatchKind kind) =>
        sorted.Where(entry => entry.Path.Kind == kind)
            .GroupBy(entry => entry.IndexPath, StringComparer.Ordinal)
            .ToFrozenDictionary(group => group.Key, group => group.ToArray(), StringComparer.Ordinal);
}
