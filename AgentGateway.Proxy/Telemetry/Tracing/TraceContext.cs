namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>One hop of a W3C trace: the value of a <c>traceparent</c> header.</summary>
internal readonly record struct TraceContext(byte Version, TraceId TraceId, SpanId SpanId, byte Flags)
{
    /// <summary>Length of the header: <c>vv-{32}-{16}-ff</c>.</summary>
    public const int TextLength = 55;

    /// <summary>Where the trace id stands in the text.</summary>
    public const int TraceIdStart = 3;

    /// <summary>Where the span id stands in the text.</summary>
    public const int SpanIdStart = 36;

    /// <summary>Flag bit that says that the caller records this trace.</summary>
    public const byte SampledFlag = 1;

    /// <summary>True when the value stands for no trace at all.</summary>
    public bool IsEmpty => TraceId.IsEmpty;

    public bool IsSampled => (Flags & SampledFlag) != 0;

    /// <summary>
    /// Reads a header value: exactly four parts of 2, 32, 16 and 2 hexadecimal digits; refuses version <c>ff</c> and all-zero ids
    /// (telemetry specification 1.3).
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out TraceContext context)
    {
        context = default;
        if (text.Length != TextLength || text[2] != '-' || text[35] != '-' || text[52] != '-'
            || !Hex.TryParse(text[..2], out var version) || version == 0xff
            || !TraceId.TryParse(text.Slice(TraceIdStart, TraceId.HexLength), out var trace) || trace.IsEmpty
            || !SpanId.TryParse(text.Slice(SpanIdStart, SpanId.HexLength), out var span) || span.IsEmpty
            || !Hex.TryParse(text[53..], out var flags))
        {
            return false;
        }

        context = new TraceContext((byte)version, trace, span, (byte)flags);
        return true;
    }

    /// <summary>The header value, in lower case.</summary>
    public override string ToString() => string.Create(TextLength, this, static (text, context) =>
    {
        Hex.Format(context.Version, text[..2]);
        text[2] = '-';
        context.TraceId.Format(text.Slice(TraceIdStart, TraceId.HexLength));
        text[35] = '-';
        context.SpanId.Format(text.Slice(SpanIdStart, SpanId.HexLength));
        text[52] = '-';
        Hex.Format(context.Flags, text[53..]);
    });
}
