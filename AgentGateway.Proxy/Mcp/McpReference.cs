namespace AgentGateway.Proxy.Mcp;

/// <summary>What a request names.</summary>
internal enum McpReference
{
    /// <summary>Nothing that belongs to one target.</summary>
    None,
    Tool,
    Prompt,
    Resource,
    Task,
}
