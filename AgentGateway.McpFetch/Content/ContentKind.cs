namespace AgentGateway.McpFetch.Content;

/// <summary>How a body is turned into text.</summary>
internal enum ContentKind
{
    /// <summary>HTML or XHTML: converted to Markdown.</summary>
    Html,

    /// <summary>XML of another kind: text whose declaration may name the encoding.</summary>
    Xml,

    /// <summary>JSON, plain text, source code and the like: returned as is.</summary>
    Text,

    /// <summary>Not text: refused.</summary>
    Binary,
}
