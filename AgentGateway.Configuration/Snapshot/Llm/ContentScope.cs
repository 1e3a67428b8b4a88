namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Part of a prompt that a guard reads.</summary>
public enum ContentScope
{
    /// <summary>System prompt.</summary>
    SystemPrompt,

    /// <summary>Messages.</summary>
    Messages,

    /// <summary>Results of tools.</summary>
    ToolOutput,

    /// <summary>Arguments of tools.</summary>
    ToolInput,
}
