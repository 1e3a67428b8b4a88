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
        var merged = new List<PolicySnapshot>();
        foreach (var level in levels)
        {
            foreach (var policy in level)
            {
                var index = merged.FindIndex(other => other.Kind == policy.Kind);
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
}
