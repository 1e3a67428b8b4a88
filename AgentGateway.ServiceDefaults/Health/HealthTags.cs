namespace AgentGateway.ServiceDefaults.Health;

/// <summary>Tags that say which health endpoint runs a check.</summary>
public static class HealthTags
{
    /// <summary>A check with this tag also runs on the liveness endpoint: failing it means the process needs a restart.</summary>
    public const string Live = "live";
}
