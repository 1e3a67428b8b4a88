namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>
/// A document that is written inline, read from a file when the configuration is loaded, or fetched (configuration type <c>FileInlineOrRemote</c>).
/// Exactly one of the two is set.
/// </summary>
public sealed record DocumentSource
{
    /// <summary>Content of an inline document or of a file.</summary>
    public string? Text { get; init; }

    /// <summary>Address to fetch from, <c>http</c> or <c>https</c>.</summary>
    public Uri? Url { get; init; }
}
