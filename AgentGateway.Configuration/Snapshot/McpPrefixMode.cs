namespace AgentGateway.Configuration.Snapshot;

/// <summary>When the names of tools, prompts and resources carry the name of their target (configuration key <c>prefixMode</c>).</summary>
public enum McpPrefixMode
{
    /// <summary>Only with more than one target.</summary>
    Conditional,

    /// <summary>Always.</summary>
    Always,

    /// <summary>Never.</summary>
    Never,
}
