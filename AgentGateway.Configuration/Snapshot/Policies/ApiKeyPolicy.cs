namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Recognition of API keys (configuration key <c>apiKey</c>).</summary>
public sealed record ApiKeyPolicy : PolicySnapshot
{
    /// <summary>What happens without a known key; optional by default.</summary>
    public AuthenticationMode Mode { get; init; }

    /// <summary>Where the key stands; <c>Authorization: Bearer</c> by default.</summary>
    public CredentialLocation Location { get; init; } = CredentialLocation.Bearer;

    /// <summary>Known keys.</summary>
    public required EquatableArray<ApiKeySettings> Keys { get; init; }
}

/// <summary>One API key: given as it is or as its hash.</summary>
public sealed record ApiKeySettings
{
    /// <summary>The key, or null when only its hash is known.</summary>
    public Secret? Key { get; init; }

    /// <summary>SHA-256 of the key's UTF-8 bytes in lower-case hexadecimal (<c>keyHash: sha256:…</c> without the scheme), or null.</summary>
    public string? KeyHash { get; init; }

    /// <summary>Members of the variable <c>apiKey</c>: a JSON object.</summary>
    public JsonText Metadata { get; init; } = JsonText.EmptyObject;

    /// <summary>Model patterns the key may use; empty allows all.</summary>
    public EquatableArray<string> AllowedModels { get; init; }
}
