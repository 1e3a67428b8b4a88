using System.Text;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration;

/// <summary>A fixed body, written as text or as a list of byte values.</summary>
/// <param name="Bytes">The bytes.</param>
public sealed record BodyText(EquatableArray<byte> Bytes)
{
    internal static Shape<BodyText> Shape { get; } = Shapes.ByKind(
        scalar: Shapes.Text.As(Of),
        list: Shapes.List(Shapes.Int(0, 255, "104")).As(static values => new BodyText([.. values.Select(static v => (byte)v)])));

    /// <summary>A body of UTF-8 text.</summary>
    public static BodyText Of(string text) => new(new EquatableArray<byte>(Encoding.UTF8.GetBytes(text)));

    /// <inheritdoc/>
    public override string ToString() => Encoding.UTF8.GetString(Bytes.AsSpan());
}
