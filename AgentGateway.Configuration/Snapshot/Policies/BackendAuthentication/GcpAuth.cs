namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Google Cloud credentials.</summary>
public sealed record GcpAuth
{
    /// <summary>Kind of token.</summary>
    public GcpTokenType Type { get; init; }

    /// <summary>Audience of an id token; derived from the target by default.</summary>
    public string? Audience { get; init; }

    /// <summary>Service account key; the environment's credentials by default.</summary>
    public Secret? Credential { get; init; }
}
