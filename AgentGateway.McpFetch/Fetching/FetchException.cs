namespace AgentGateway.McpFetch.Fetching;

/// <summary>A fetch that failed for a reason the caller should read: the message becomes the text of the tool error.</summary>
internal sealed class FetchException(FetchFailure failure, string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>The reason, for the failure counter.</summary>
    internal FetchFailure Failure { get; } = failure;
}
