namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What a moderation result does.</summary>
public enum ModerationMode
{
    /// <summary>It is recorded.</summary>
    Score,

    /// <summary>A flagged text is refused.</summary>
    Block,
}
