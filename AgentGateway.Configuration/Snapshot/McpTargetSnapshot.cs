using AgentGateway.Configuration.OpenApi;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>One upstream MCP server. Closed hierarchy: one sealed record for each transport.</summary>
public abstract record McpTargetSnapshot
{
    /// <summary>Name of the target: letters, digits, <c>-</c> and <c>.</c>, at most 253 characters.</summary>
    public required string Name { get; init; }
}

/// <summary>A server started as a child process that speaks JSON-RPC lines on standard input and output.</summary>
public sealed record McpStdioTargetSnapshot : McpTargetSnapshot
{
    /// <summary>Program to start, looked up in <c>PATH</c>.</summary>
    public required string Command { get; init; }

    /// <summary>Arguments of the program.</summary>
    public EquatableArray<string> Arguments { get; init; } = [];

    /// <summary>Variables added to the environment of the child.</summary>
    public EquatableMap<string> Environment { get; init; } = EquatableMap<string>.Empty;

    /// <summary>True when the child does not inherit the gateway's environment (<c>clear_env</c>).</summary>
    public bool ClearEnvironment { get; init; }
}

/// <summary>A server that is reached over the network.</summary>
public abstract record McpNetworkTargetSnapshot : McpTargetSnapshot
{
    /// <summary>
    /// Endpoint to call: scheme, authority and path exactly as configured; no default path is added. With a named <see cref="Backend"/> only the path counts.
    /// </summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Named backend that is called instead of the endpoint's authority; null without one.</summary>
    public BackendSnapshot? Backend { get; init; }

    /// <summary>Policies of the connection to the server.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}

/// <summary>A server reached over Streamable HTTP.</summary>
public sealed record McpHttpTargetSnapshot : McpNetworkTargetSnapshot;

/// <summary>A server reached over the older HTTP with server-sent events.</summary>
public sealed record McpSseTargetSnapshot : McpNetworkTargetSnapshot;

/// <summary>A REST service whose OpenAPI operations become tools.</summary>
public sealed record McpOpenApiTargetSnapshot : McpNetworkTargetSnapshot
{
    /// <summary>The OpenAPI 3.0 or 3.1 document, JSON or YAML.</summary>
    public required Resource Schema { get; init; }

    /// <summary>The tools of the document; null when it is at a URL, from where the data plane fetches it before it serves.</summary>
    public OpenApiToolSet? Tools { get; init; }
}
