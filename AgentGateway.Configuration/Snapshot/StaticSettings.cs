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

    /// <summary>Idle time after which an MCP session is closed (<c>mcp.sessionTtl</c>); 30 minutes by default.</summary>
    public TimeSpan McpSessionIdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>64 hexadecimal digits that encrypt MCP session identifiers; null leaves them readable.</summary>
    public Secret? SessionKey { get; init; }

    /// <summary>Tracing of the <c>config</c> section; the snapshot carries the one that is in force.</summary>
    public TracingSnapshot? Tracing { get; init; }
}
