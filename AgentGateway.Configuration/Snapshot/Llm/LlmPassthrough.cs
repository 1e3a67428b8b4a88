namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>How requests pass through unread.</summary>
public enum LlmPassthrough
{
    /// <summary>Telemetry reads what it recognises.</summary>
    Detect,

    /// <summary>Nothing is read.</summary>
    Opaque,
}
