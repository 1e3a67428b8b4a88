namespace AgentGateway.Configuration;

/// <summary>A document given inline, by file or by URL. Its content is part of the configuration: when it changes, so does the configuration.</summary>
public sealed record Resource
{
    /// <summary>The content; null only for a URL that was not fetched.</summary>
    public string? Text { get; init; }

    /// <summary>File that the content was read from.</summary>
    public string? File { get; init; }

    /// <summary>URL that the content was fetched from.</summary>
    public string? Url { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Url ?? File ?? "(inline)";
}
