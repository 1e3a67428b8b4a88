namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One API key.</summary>
public sealed record ApiKey
{
    /// <summary>The key itself.</summary>
    public Secret? Key { get; init; }

    /// <summary>Its SHA-256 as <c>sha256:&lt;hex&gt;</c>.</summary>
    public string? KeyHash { get; init; }

    /// <summary>Free data, seen as <c>apiKey.&lt;field&gt;</c>.</summary>
    public JsonText? Metadata { get; init; }

    /// <summary>LLM models this key may use: exact, <c>prefix*</c>, <c>*suffix</c> or <c>*</c>.</summary>
    public EquatableArray<string>? AllowedModels { get; init; }
}
