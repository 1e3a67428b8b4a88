using System.Text;

namespace AgentGateway.Cel;

/// <summary>A member name fixed at compile time, in both encodings, so that neither JSON nor header look-ups have to convert.</summary>
public sealed class CelName
{
    /// <summary>Most characters of a name in an error: names may be computed from data.</summary>
    private const int MaxShown = 128;

    private readonly byte[] _utf8;

    /// <summary>Makes a name.</summary>
    /// <param name="text">The name as written in the expression.</param>
    public CelName(string text)
    {
        ArgumentNullException.ThrowIfNull(text);

        // The host's own literal where it has one: dictionaries then find their key by reference.
        Text = string.IsInterned(text) ?? text;
        _utf8 = Encoding.UTF8.GetBytes(text);
        Missing = CelValue.FromError(CelErrorCode.NoSuchKey, $"no such key: {(text.Length <= MaxShown ? text : string.Concat(text.AsSpan(0, MaxShown), "..."))}");
    }

    /// <summary>The name as text.</summary>
    public string Text { get; }

    /// <summary>The name in UTF-8.</summary>
    public ReadOnlySpan<byte> Utf8 => _utf8;

    /// <summary>The error for a look-up that finds nothing, made once.</summary>
    internal CelValue Missing { get; }

    /// <inheritdoc/>
    public override string ToString() => Text;
}
