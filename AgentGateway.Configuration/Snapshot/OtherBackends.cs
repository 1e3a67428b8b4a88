namespace AgentGateway.Configuration.Snapshot;

/// <summary>The host that the request names: a forward proxy (configuration key <c>dynamic</c>).</summary>
public sealed record DynamicBackendSnapshot : BackendSnapshot
{
    /// <summary>Gives <c>host</c> or <c>host:port</c>; the request's authority (for TCP: the server name) when null.</summary>
    public Expression? Target { get; init; }
}

/// <summary>A service of the registry (configuration key <c>service</c>).</summary>
public sealed record ServiceBackendSnapshot : BackendSnapshot
{
    /// <summary>Namespace of the service.</summary>
    public required string Namespace { get; init; }

    /// <summary>Host name of the service.</summary>
    public required string Hostname { get; init; }

    /// <summary>Port of the service.</summary>
    public required int Port { get; init; }
}

/// <summary>The gateway's own admin page and API (configuration key <c>internal</c>).</summary>
public sealed record InternalBackendSnapshot : BackendSnapshot
{
    /// <summary>Path that replaces the request's; null keeps it (<c>forward</c>).</summary>
    public string? Path { get; init; }
}

/// <summary>An Amazon Bedrock AgentCore runtime (configuration key <c>aws.agentCore</c>).</summary>
public sealed record AgentCoreBackendSnapshot : BackendSnapshot
{
    /// <summary>Name of the runtime.</summary>
    public required string AgentRuntimeArn { get; init; }

    /// <summary>Region, from the name.</summary>
    public required string Region { get; init; }

    /// <summary>Account, from the name.</summary>
    public required string AccountId { get; init; }

    /// <summary>Version or endpoint of the runtime.</summary>
    public string? Qualifier { get; init; }
}

/// <summary>A set of routes that decides in place of the route (configuration key <c>routeGroup</c>).</summary>
public sealed record RouteGroupBackendSnapshot : BackendSnapshot
{
    /// <summary>Name of the set in <see cref="GatewaySnapshot.RouteGroups"/>.</summary>
    public required string Group { get; init; }
}
