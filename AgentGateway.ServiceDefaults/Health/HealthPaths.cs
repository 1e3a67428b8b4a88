namespace AgentGateway.ServiceDefaults.Health;

/// <summary>Paths of the health endpoints. The AppHost, the chart and <c>compose.yaml</c> probe these.</summary>
public static class HealthPaths
{
    /// <summary>Readiness: 200 when every check passes, 503 otherwise.</summary>
    public const string Ready = "/health";

    /// <summary>Liveness: runs only the checks tagged <see cref="HealthTags.Live"/>.</summary>
    public const string Live = "/alive";
}
