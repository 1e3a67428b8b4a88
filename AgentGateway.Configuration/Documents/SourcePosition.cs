namespace AgentGateway.Configuration.Documents;

/// <summary>A place in a configuration text.</summary>
/// <param name="Line">Line, from 1.</param>
/// <param name="Column">Column in characters, from 1.</param>
public readonly record struct SourcePosition(int Line, int Column)
{
    /// <summary>The start of the text, for problems that belong to no particular place.</summary>
    public static SourcePosition Start { get; } = new(1, 1);

    /// <inheritdoc/>
    public override string ToString() => $"line {Line}, column {Column}";
}
