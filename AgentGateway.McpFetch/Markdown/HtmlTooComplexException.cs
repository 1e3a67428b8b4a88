namespace AgentGateway.McpFetch.Markdown;

/// <summary>Parsing a document would cost more than the limits allow.</summary>
internal sealed class HtmlTooComplexException() : Exception("the document is too complex to parse");
