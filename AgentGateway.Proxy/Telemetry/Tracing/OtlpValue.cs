using AgentGateway.Proxy.Telemetry.Attributes;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>Writes an attribute's value as an OTLP <c>AnyValue</c>.</summary>
internal static class OtlpValue
{
    /// <summary>Writes name and value as a <c>KeyValue</c>.</summary>
    public static void WritePair(ByteBuffer buffer, int field, AttributeKey key, AttributeValue value)
    {
        var pair = buffer.BeginMessage(field);
        buffer.Append(key.OtlpPrefix);
        Write(buffer, 2, value);
        buffer.EndMessage(pair);
    }

    public static void Write(ByteBuffer buffer, int field, AttributeValue value)
    {
        var any = buffer.BeginMessage(field);
        switch (value.Kind)
        {
            case AttributeValueKind.String or AttributeValueKind.Json:
                buffer.AppendStringField(1, value.Chars);
                break;
            case AttributeValueKind.Bool:
                buffer.AppendVarintField(2, value.Bool ? 1u : 0u);
                break;
            case AttributeValueKind.Int:
                buffer.AppendVarintField(3, (ulong)value.Integer);
                break;
            case AttributeValueKind.Double:
                buffer.AppendFixed64Field(4, (ulong)BitConverter.DoubleToInt64Bits(value.Double));
                break;
            case AttributeValueKind.Milliseconds:
                var text = buffer.BeginMessage(1);
                buffer.AppendDecimal(value.Integer);
                buffer.Append("ms"u8);
                buffer.EndMessage(text);
                break;
        }

        buffer.EndMessage(any);
    }
}
