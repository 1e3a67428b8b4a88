namespace AgentGateway.Configuration;

/// <summary>A text file that was read when the document was loaded.</summary>
/// <param name="Path">Path as written, relative to the working directory.</param>
/// <param name="Text">Its content.</param>
public sealed record PemFile(string Path, string Text)
{
    /// <summary>The path: the content may be long, or a key.</summary>
    public override string ToString() => Path;
}
