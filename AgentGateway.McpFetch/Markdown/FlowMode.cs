namespace AgentGateway.McpFetch.Markdown;

/// <summary>What the end of a block becomes.</summary>
internal enum FlowMode
{
    /// <summary>A new paragraph.</summary>
    Blocks,

    /// <summary>A space: inside links and headings, which are one line.</summary>
    OneLine,

    /// <summary>A <c>&lt;br&gt;</c>: inside table cells.</summary>
    Cell,
}
