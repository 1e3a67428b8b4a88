
namespace AgentGateway.Configuration;

/// <summary>A CEL expression that compiled when the document was loaded. Equal to another one with the same text.</summary>
/// <param name="Source">Text as written.</param>
public sealed record Expression(string Source)
{

    /// <inheritdoc/>
    public override string ToString() => Source;
}
