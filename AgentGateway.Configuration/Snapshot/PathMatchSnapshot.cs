namespace AgentGateway.Configuration.Snapshot;

/// <summary>A condition on the request path.</summary>
/// <param name="Kind">How <paramref name="Value"/> is compared.</param>
/// <param name="Value">Exact path, segment-aware prefix, or regular expression that must cover the whole path.</param>
public sealed record PathMatchSnapshot(PathMatchKind Kind, string Value);
