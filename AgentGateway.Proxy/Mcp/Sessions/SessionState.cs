namespace AgentGateway.Proxy.Mcp.Sessions;

/// <summary>What a session identifier says: enough to go on with the upstreams' sessions after a restart, or on another replica.</summary>
/// <param name="Targets">Targets in the order of the backend, each with the session identifier that its upstream gave.</param>
/// <param name="Backend">Short digest of the backend that made the session; null in identifiers that do not tell.</param>
internal sealed record SessionState(IReadOnlyList<(string Target, string? UpstreamSession)> Targets, string? Backend)
{
    /// <summary>Targets that could not be set up and were left out (<c>failureMode: failOpen</c>).</summary>
    public IReadOnlyList<string> LeftOut { get; init; } = [];
}
