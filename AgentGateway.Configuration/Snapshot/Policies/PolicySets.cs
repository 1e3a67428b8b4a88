namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Sets of policies of several levels made one, by the merge rules of the specification (config-mcp 3.1).</summary>
public static class PolicySets
{
    /// <summary>
    /// Merges levels given from the least to the most specific: for each kind the last one wins, or adds up where
    /// <see cref="PolicySnapshot.Over"/> says so.
    /// </summary>
    public static EquatableArray<PolicySnapshot> Merge(params ReadOnlySpan<EquatableArray<PolicySnapshot>> levels)
    {
        if (OnlyOne(levels, out var only))
        {
            return only;
        }

        var merged = new List<PolicySnapshot>();
        foreach (var level in levels)
        {
            foreach (var policy in level)
            {
                var index = IndexOf(merged, policy.Kind);
                if (index < 0)
                {
                    merged.Add(policy);
                }
                else
                {
                    merged[index] = policy.Over(merged[index]);
                }
            }
        }

        return [.. merged];
    }

    private static int IndexOf(List<PolicySnapshot> policies, Type kind)
    {
        for (var i = 0; i < policies.Count; i++)
        {
            if (policies[i].Kind == kind)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Finds the level that is not empty when it is the only one and holds each kind once, so that there is nothing to merge.</summary>
    private static bool OnlyOne(ReadOnlySpan<EquatableArray<PolicySnapshot>> levels, out EquatableArray<PolicySnapshot> only)
    {
        only = [];
        foreach (var level in levels)
        {
            if (level.IsEmpty)
            {
                continue;
            }

            if (!only.IsEmpty)
            {
                return false;
            }

            only = level;
        }

        for (var i = 1; i < only.Length; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (only[i].Kind == only[j].Kind)
                {
                    return false;
                }
            }
        }

        return true;
    }
}
