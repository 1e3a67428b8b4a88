using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using AgentGateway.Configuration;

namespace AgentGateway.Proxy.Routing;

/// <summary>Regular expressions by their text: equal ones share their memory, and a reload does not make again those that are in use.</summary>
internal static class SharedPatterns
{
    private const int FewestToPrune = 256;

    private static readonly ConcurrentDictionary<string, WeakReference<Regex>> Known = new(StringComparer.Ordinal);
    private static int _pruneAt = FewestToPrune;

    public static Regex Get(string pattern)
    {
        if (Known.TryGetValue(pattern, out var known) && known.TryGetTarget(out var regex))
        {
            return regex;
        }

        regex = new Regex(RoutePattern.ToDotNet(pattern), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant);
        Known[pattern] = new WeakReference<Regex>(regex);
        if (Known.Count > _pruneAt)
        {
            Prune();
        }

        return regex;
    }

    private static void Prune()
    {
        foreach (var entry in Known)
        {
            if (!entry.Value.TryGetTarget(out _))
            {
                Known.TryRemove(entry);
            }
        }

        _pruneAt = Math.Max(FewestToPrune, Known.Count * 2);
    }
}
