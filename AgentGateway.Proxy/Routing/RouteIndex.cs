using System.Collections.Frozen;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// Finds the route of a request by the precedence of spec 1.7: exact host name, then longer suffixes before shorter ones, then routes for any
/// host; inside each by path. Where nothing in a more specific host name matches, the next one is tried. The cost does not grow with the
/// number of routes, except for those that differ by neither host name nor path.
/// </summary>
/// <typeparam name="TRoute">What a match leads to.</typeparam>
internal sealed class RouteIndex<TRoute>
    where TRoute : class
{
    private readonly FrozenDictionary<string, PathIndex<TRoute>>.AlternateLookup<ReadOnlySpan<char>> _exact;
    private readonly FrozenDictionary<string, PathIndex<TRoute>>.AlternateLookup<ReadOnlySpan<char>> _suffixes;
    private readonly PathIndex<TRoute>? _any;
    private readonly bool _hasExact;
    private readonly bool _hasSuffixes;

    public RouteIndex(IEnumerable<(RouteSnapshot Snapshot, TRoute Route)> routes)
    {
        var exact = new Dictionary<string, List<RouteEntry<TRoute>>>(StringComparer.OrdinalIgnoreCase);
        var suffixes = new Dictionary<string, List<RouteEntry<TRoute>>>(StringComparer.OrdinalIgnoreCase);
        var any = new List<RouteEntry<TRoute>>();
        foreach (var (snapshot, route) in routes)
        {
            var entries = new List<RouteEntry<TRoute>>(snapshot.Matches.Length);
            foreach (var match in snapshot.Matches)
            {
                entries.Add(new RouteEntry<TRoute>(match, snapshot.Key, route));
            }

            if (snapshot.Hostnames.IsEmpty)
            {
                any.AddRange(entries);
            }

            foreach (var hostname in snapshot.Hostnames)
            {
                // `*` alone means any host: upstream takes it for a name that no host has, which serves nobody.
                var bucket = hostname is "" or "*" ? any
                    : hostname.StartsWith("*.", StringComparison.Ordinal) ? Bucket(suffixes, hostname[1..])
                    : Bucket(exact, RequestHost.NameOf(hostname).ToString());
                bucket.AddRange(entries);
            }
        }

        var byName = Freeze(exact);
        var bySuffix = Freeze(suffixes);
        _exact = byName.GetAlternateLookup<ReadOnlySpan<char>>();
        _suffixes = bySuffix.GetAlternateLookup<ReadOnlySpan<char>>();
        _hasExact = byName.Count > 0;
        _hasSuffixes = bySuffix.Count > 0;
        _any = any.Count == 0 ? null : new PathIndex<TRoute>(any);
    }

    /// <summary>Finds the entry with the highest precedence, or null.</summary>
    public RouteEntry<TRoute>? Find(in RouteQuestion request)
    {
        var host = request.HostName;
        if (_hasExact && _exact.TryGetValue(host, out var exact) && exact.Find(request) is { } byName)
        {
            return byName;
        }

        if (_hasSuffixes)
        {
            // A suffix covers one or more whole labels before it, so the search starts after the first label.
            for (var dot = host.IndexOf('.'); dot >= 0;)
            {
                if (dot > 0 && _suffixes.TryGetValue(host[dot..], out var suffix) && suffix.Find(request) is { } bySuffix)
                {
                    return bySuffix;
                }

                var next = host[(dot + 1)..].IndexOf('.');
                dot = next < 0 ? -1 : dot + 1 + next;
            }
        }

        return _any?.Find(request);
    }

    private static List<RouteEntry<TRoute>> Bucket(Dictionary<string, List<RouteEntry<TRoute>>> buckets, string name)
    {
        if (!buckets.TryGetValue(name, out var bucket))
        {
            buckets[name] = bucket = [];
        }

        return bucket;
    }

    private static FrozenDictionary<string, PathIndex<TRoute>> Freeze(Dictionary<string, List<RouteEntry<TRoute>>> buckets) =>
        buckets.ToFrozenDictionary(bucket => bucket.Key, bucket => new PathIndex<TRoute>(bucket.Value), StringComparer.OrdinalIgnoreCase);
}
