namespace AgentGateway.McpFetch.Markdown;

/// <summary>An inline span that is open: emphasis or a link. Its opening is written with the first character inside, so empty spans vanish.</summary>
internal sealed class InlineMark(string opening, string closing)
{
    internal string Opening { get; } = opening;

    internal string Closing { get; } = closing;

    /// <summary>True once the opening stands in the output.</summary>
    internal bool Written { get; set; }
}
