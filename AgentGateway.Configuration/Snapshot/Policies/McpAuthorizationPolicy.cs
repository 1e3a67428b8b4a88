namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Hides and denies MCP tools, prompts and resources by rules (configuration key <c>mcpAuthorization</c>). Rules of all levels add up.</summary>
public sealed record McpAuthorizationPolicy : PolicySnapshot
{
    /// <summary>Rules; a plain expression is an <c>allow</c> rule.</summary>
    public required EquatableArray<AuthorizationRule> Rules { get; init; }

    /// <inheritdoc/>
    public override PolicySnapshot Over(PolicySnapshot lower) => this with { Rules = [.. ((McpAuthorizationPolicy)lower).Rules, .. Rules] };
}
