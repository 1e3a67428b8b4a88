namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>What the request database keeps of LLM calls.</summary>
public enum DatabaseLlmMode
{
    /// <summary>Everything but prompts and completions.</summary>
    Metadata,

    /// <summary>Prompts and completions too.</summary>
    Full,
}
