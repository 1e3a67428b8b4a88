namespace AgentGateway.Cel.Syntax;

/// <summary>A token; <paramref name="Value"/> holds the text of a name, or the value of a literal.</summary>
internal readonly record struct Token(TokenKind Kind, int Start, int Length, object? Value = null)
{
    public int End => Start + Length;
}
