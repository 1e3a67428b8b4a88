namespace AgentGateway.Configuration.Snapshot;

/// <summary>Process-wide settings of the <c>config</c> section: read once at start, a reload does not change them.</summary>
public sealed record StaticSettings
{
    /// <summary>Admin API and trace store: <c>ip:port</c>, <c>localhost:port</c>, or null when switched off (<c>off</c>).</summary>
    public string? AdminAddress { get; init; } = "localhost:15000";

    /// <summary>Metrics endpoint, or null when switched off.</summary>
    public string? StatsAddress { get; init; } = "[::]:15020";

    /// <summary>Readiness endpoint, or null when switched off.</summary>
    public string? ReadinessAddress { get; init; } = "[::]:15021";

    /// <summary>True when listeners bind <c>[::]</c> (both families); false binds <c>0.0.0.0</c>.</summary>
    public bool EnableIpv6 { get; init; } = true;

    /// <summary>Longest time that open connections may drain at shutdown; 5 seconds by default.</summary>
    public TimeSpan ConnectionTerminationDeadline { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Log level directive such as <c>info</c> or <c>info,agentgateway::mcp=trace</c>.</summary>
    public string LogLevel { get; init; } = "info";

    /// <summary>True for JSON log lines, false for text.</summary>
    public bool LogJson { get; init; }
}
