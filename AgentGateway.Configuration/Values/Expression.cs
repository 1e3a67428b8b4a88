using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration;

/// <summary>A CEL expression of the configuration, compiled when the document is loaded. Equal to another one with the same text and the same custom functions to call.</summary>
public sealed class Expression : IEquatable<Expression>
{
    private readonly string _customFunctions = "";
    private CelProgram? _program;

    /// <summary>An expression in the gateway's own environment; it compiles when <see cref="Program"/> is first asked for.</summary>
    /// <param name="source">Text as written.</param>
    public Expression(string source) => Source = source;

    /// <summary>An expression that is compiled already.</summary>
    /// <param name="program">The program.</param>
    /// <param name="customFunctions">Text of <c>config.customFunctions</c> that it was compiled with; empty without.</param>
    public Expression(CelProgram program, string customFunctions = "")
    {
        ArgumentNullException.ThrowIfNull(program);
        ArgumentNullException.ThrowIfNull(customFunctions);
        _customFunctions = customFunctions;
        Source = program.Source;
        _program = program;
    }

    internal static Shape<Expression> Shape { get; } = new ExpressionShape();

    /// <summary>Text as written.</summary>
    public string Source { get; }

    /// <summary>The compiled program.</summary>
    /// <exception cref="FormatException">The text does not compile; never for an expression of a loaded document.</exception>
    public CelProgram Program => _program ??= Compile();

    /// <inheritdoc/>
    public bool Equals(Expression? other) => other is not null
        && string.Equals(Source, other.Source, StringComparison.Ordinal)
        && string.Equals(_customFunctions, other._customFunctions, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Expression);

    /// <inheritdoc/>
    public override int GetHashCode() => Source.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Source;

    private CelProgram Compile()
    {
        var compilation = GatewayExpressions.Compile(Source);
        return compilation.Program ?? throw new FormatException(compilation.ErrorText);
    }
}
