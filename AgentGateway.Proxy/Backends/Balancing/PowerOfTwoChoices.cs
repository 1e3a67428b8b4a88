using AgentGateway.Proxy.Backends.Health;

namespace AgentGateway.Proxy.Backends.Balancing;

/// <summary>
/// Of two endpoints taken at random, the one with the better score: nearly as even as looking at all, without herding onto the best one.
/// Evicted endpoints are left out while others remain; when all are evicted, the evicted ones serve as the last resort.
/// </summary>
internal static class PowerOfTwoChoices
{
    /// <summary>Returns the index of the chosen endpoint, or -1 when all were <paramref name="tried"/> already.</summary>
    public static int Pick<T>(ReadOnlySpan<T> endpoints, ulong tried, Func<T, EndpointHealth> healthOf, Random random)
    {
        if (endpoints.Length == 1)
        {
            return (tried & 1) == 0 ? 0 : -1;
        }

        Span<int> candidates = stackalloc int[MaxEndpoints];

        // Best class first: in rotation, then recently unreachable, then evicted.
        for (var rank = 0; rank <= 2; rank++)
        {
            var count = 0;
            for (var i = 0; i < endpoints.Length && i < MaxEndpoints; i++)
            {
                if ((tried & (1UL << i)) == 0 && RankOf(healthOf(endpoints[i])) == rank)
                {
                    candidates[count++] = i;
                }
            }

            if (count > 0)
            {
                return PickAmong(endpoints, candidates[..count], healthOf, random);
            }
        }

        return -1;
    }

    /// <summary>Endpoints of one target that are looked at.</summary>
    public const int MaxEndpoints = 64;

    private static int RankOf(EndpointHealth health) => health.IsEvicted ? 2 : health.IsUnreachable ? 1 : 0;

    private static int PickAmong<T>(ReadOnlySpan<T> endpoints, ReadOnlySpan<int> candidates, Func<T, EndpointHealth> healthOf, Random random)
    {
        if (candidates.Length == 1)
        {
            return candidates[0];
        }

        var first = random.Next(candidates.Length);
        var second = random.Next(candidates.Length - 1);
        if (second >= first)
        {
            second++;
        }

        return healthOf(endpoints[candidates[first]]).Score <= healthOf(endpoints[candidates[second]]).Score ? candidates[first] : candidates[second];
    }
}
