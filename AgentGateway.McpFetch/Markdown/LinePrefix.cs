namespace AgentGateway.McpFetch.Markdown;

/// <summary>What a container puts before each of its lines: a list marker and then indentation, or <c>&gt; </c>.</summary>
internal sealed class LinePrefix(string first, string rest)
{
    internal string First { get; } = first;

    internal string Rest { get; } = rest;

    /// <summary>True once the first line of the container is written.</summary>
    internal bool Used { get; set; }
}
