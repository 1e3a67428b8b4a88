using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

namespace AgentGateway.Configuration;

/// <summary>A text that is never shown: no log, dump, span, error or debugger display repeats it.</summary>
[DebuggerDisplay("<redacted>")]
public sealed class Secret : IEquatable<Secret>
{
    /// <summary>What is shown in place of a secret.</summary>
    public const string Shown = "<redacted>";

    [DebuggerBrowsable(DebuggerBrowsableState.Never)]
    private readonly string _text;

    /// <summary>Wraps a secret text.</summary>
    public Secret(string text) => _text = text;

    /// <summary>The text itself, for the one place that sends or compares it.</summary>
    public string Reveal() => _text;

    /// <summary>Compares in a time that does not depend on where the texts differ.</summary>
    public bool Equals(Secret? other) =>
        other is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(_text), Encoding.UTF8.GetBytes(other._text));

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Secret);

    /// <inheritdoc/>
    public override int GetHashCode() => string.GetHashCode(_text, StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Shown;
}
