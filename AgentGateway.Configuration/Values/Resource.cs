using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration;

/// <summary>A document given inline, by file or by URL. What is inline or in a file is part of the configuration: when it changes, so does the configuration.</summary>
public sealed record Resource
{
    internal static Shape<Resource> Shape { get; } = new ResourceShape();

    /// <summary>The content; null for a URL, which the data plane fetches before it serves, keeps and refreshes.</summary>
    public string? Text { get; init; }

    /// <summary>File that the content was read from.</summary>
    public string? File { get; init; }

    /// <summary>URL that the content is fetched from.</summary>
    public string? Url { get; init; }

    /// <inheritdoc/>
    public override string ToString() => Url ?? File ?? "(inline)";
}
