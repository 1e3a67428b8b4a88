using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>
/// Writes a line of the access log as repeated field <c>log_records</c> of an OTLP <c>ScopeLogs</c> message. Field numbers:
/// opentelemetry/proto/logs/v1/logs.proto.
/// </summary>
internal static class LogRecordWriter
{
    private const int RecordsField = 2;
    private const int SeverityInfo = 9;

    /// <summary>Writes one record without a body; an empty <paramref name="trace"/> leaves its ids out.</summary>
    public static void Write(ByteBuffer buffer, DateTimeOffset time, TraceContext trace, AttributeList attributes)
    {
        var nanoseconds = (ulong)(time.UtcTicks - DateTimeOffset.UnixEpoch.UtcTicks) * 100;
        var record = buffer.BeginMessage(RecordsField);
        buffer.AppendFixed64Field(1, nanoseconds);
        buffer.AppendVarintField(2, SeverityInfo);
        buffer.AppendStringField(3, "INFO");
        foreach (var (key, value) in attributes.Items)
        {
            if (key.Scope != AttributeScope.SpanOnly)
            {
                OtlpValue.WritePair(buffer, 6, key, value);
            }
        }

        if (!trace.IsEmpty)
        {
            Span<byte> id = stackalloc byte[16];
            buffer.AppendFixed32Field(8, trace.Flags);
            trace.TraceId.Write(id);
            buffer.AppendBytesField(9, id);
            trace.SpanId.Write(id);
            buffer.AppendBytesField(10, id[..8]);
        }

        buffer.AppendFixed64Field(11, nanoseconds);
        buffer.EndMessage(record);
    }
}
