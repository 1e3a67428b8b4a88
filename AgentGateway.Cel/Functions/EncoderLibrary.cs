using System.Text;
using AgentGateway.Cel.Evaluation;
using AgentGateway.Cel.Values;

namespace AgentGateway.Cel.Functions;

/// <summary>Base64, under the names of the encoders extension and the gateway's older ones.</summary>
internal static class EncoderLibrary
{
    private static readonly CelValue NotBase64 = ConversionLibrary.Bad("string is no base64");

    public static void Register(LibraryBuilder library)
    {
        foreach (var name in (string[])["base64.encode", "base64Encode", "base64_encode"])
        {
            library.Function($"{name}(bytes) -> string", static (in CelCall call) => Encode(call, call[0].AsBytes().Span), "Base64 of bytes.");
            library.Function($"{name}(string) -> string", static (in CelCall call) => Encode(call, Encoding.UTF8.GetBytes(call[0].AsString())), "Base64 of the text in UTF-8.");
        }

        foreach (var name in (string[])["base64.decode", "base64Decode", "base64_decode"])
        {
            library.Function($"{name}(string) -> bytes", static (in CelCall call) => Decode(call, call[0].AsString()), "The bytes of a base64 text; padding is optional.");
            library.Function(
                $"{name}(bytes) -> bytes",
                static (in CelCall call) => CelText.TryUtf8(call[0].AsBytes().Span, out var text) ? Decode(call, text) : NotBase64,
                "The bytes of a base64 text, which is given as bytes, such as a body.");
        }
    }

    public static CelValue Encode(in CelCall call, ReadOnlySpan<byte> bytes) =>
        call.TryReserve(bytes.Length / 3L * 4 + 4) ? CelValue.FromString(Convert.ToBase64String(bytes)) : EvalErrors.SizeLimit;

    public static CelValue Decode(in CelCall call, string text)
    {
        if (!call.TryReserve(text.Length, 1))
            return EvalErrors.SizeLimit;
        return TryDecode(text, out var bytes) ? CelValue.FromBytes(bytes) : NotBase64;
    }

    /// <summary>Standard alphabet, with or without padding, no blanks.</summary>
    public static bool TryDecode(string text, out byte[] bytes)
    {
        bytes = [];
        var bare = text.TrimEnd('=');
        if (text.Length - bare.Length > 2 || bare.Length % 4 == 1 || (text.Length != bare.Length && text.Length % 4 != 0) || bare.AsSpan().IndexOfAny(" \t\r\n") >= 0)
            return false;
        var buffer = new byte[bare.Length / 4 * 3 + 3];
        if (!Convert.TryFromBase64String(bare.PadRight((bare.Length + 3) / 4 * 4, '='), buffer, out var written))
            return false;
        bytes = buffer[..written];
        return true;
    }
}
