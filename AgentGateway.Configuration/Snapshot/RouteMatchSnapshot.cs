namespace AgentGateway.Configuration.Snapshot;

/// <summary>Conditions that must all hold for a request to match a route.</summary>
public sealed record RouteMatchSnapshot
{
    /// <summary>Matches every path.</summary>
    public static RouteMatchSnapshot Any { get; } = new();

    /// <summary>Path condition; the prefix <c>/</c> by default.</summary>
    public PathMatchSnapshot Path { get; init; } = new(PathMatchKind.Prefix, "/");
}
