using AgentGateway.Configuration.Snapshot.Static;

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

    /// <summary>Shortest time that a shutdown takes; 0 by default.</summary>
    public TimeSpan ConnectionMinTerminationDeadline { get; init; }

    /// <summary>Access log filter in its older place (<c>config.logging.filter</c>); the snapshot carries the one that is in force.</summary>
    public Expression? AccessLogFilter { get; init; }

    /// <summary>Access log fields in their older place (<c>config.logging.fields</c>); the snapshot carries those that are in force.</summary>
    public LoggingFields? AccessLogFields { get; init; }

    /// <summary>64 hexadecimal digits that encrypt login cookies (<c>OIDC_COOKIE_SECRET</c>).</summary>
    public Secret? OidcCookieSecret { get; init; }

    /// <summary>DNS resolution.</summary>
    public DnsSettings Dns { get; init; } = new();

    /// <summary>Connections to upstreams.</summary>
    public UpstreamSettings Upstream { get; init; } = new();

    /// <summary>Labels of metrics.</summary>
    public MetricsSettings Metrics { get; init; } = new();

    /// <summary>Form of Prometheus histograms.</summary>
    public HistogramMode Histograms { get; init; }

    /// <summary>Prices of models, merged in order; a later one wins.</summary>
    public EquatableArray<ModelCatalogSource> ModelCatalog { get; init; } = [];

    /// <summary>Columns of the request database.</summary>
    public StandardAttributes StandardAttributes { get; init; } = new();

    /// <summary>Headers whose values logs and expressions show redacted.</summary>
    public EquatableArray<string> SensitiveHeaders { get; init; } = [];

    /// <summary>Definitions of functions for expressions.</summary>
    public string CustomFunctions { get; init; } = "";
}
