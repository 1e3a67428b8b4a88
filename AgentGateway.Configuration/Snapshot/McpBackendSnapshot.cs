namespace AgentGateway.Configuration.Snapshot;

/// <summary>MCP servers behind one MCP endpoint (configuration key <c>mcp</c>).</summary>
public sealed record McpBackendSnapshot : BackendSnapshot
{
    /// <summary>Most targets that one backend can have: each costs every client a connection.</summary>
    public const int MostTargets = 256;

    /// <summary>Upstream MCP servers, in the order of the document.</summary>
    public EquatableArray<McpTargetSnapshot> Targets { get; init; } = [];

    /// <summary>Idle time after which a session is closed; 30 minutes by default (<c>config.mcp.sessionTtl</c>).</summary>
    public TimeSpan SessionIdleTimeout { get; init; } = TimeSpan.FromMinutes(30);

    /// <summary>True when the gateway keeps a session for each client (<c>statefulMode: stateful</c>, the default).</summary>
    public bool Stateful { get; init; } = true;

    /// <summary>When names are prefixed with the target's name.</summary>
    public McpPrefixMode PrefixMode { get; init; }

    /// <summary>True when a failing target is left out instead of failing the request (<c>failureMode: failOpen</c>).</summary>
    public bool FailOpen { get; init; }

    /// <summary>True when only localhost may be named by <c>Host</c> and <c>Origin</c>.</summary>
    public bool DnsRebindingProtection { get; init; }
}
