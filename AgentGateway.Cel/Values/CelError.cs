namespace AgentGateway.Cel;

/// <summary>An evaluation error. Errors are values: <c>&amp;&amp;</c>, <c>||</c> and <c>?:</c> may absorb them, everything else hands them on.</summary>
/// <param name="code">The kind of error.</param>
/// <param name="message">Text for people; holds names from the expression, never values of the request.</param>
public sealed class CelError(CelErrorCode code, string message) : CelReference(CelKind.Error)
{
    /// <summary>The kind of error.</summary>
    public CelErrorCode Code { get; } = code;

    /// <summary>Text for people.</summary>
    public string Message { get; } = message;

    /// <inheritdoc/>
    public override string ToString() => Message;
}
