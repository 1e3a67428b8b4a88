namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Whether streamed answers are guarded.</summary>
public enum StreamingGuard
{
    /// <summary>No.</summary>
    Disabled,

    /// <summary>Yes.</summary>
    Enabled,
}
