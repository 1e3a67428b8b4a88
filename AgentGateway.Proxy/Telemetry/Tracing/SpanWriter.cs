using AgentGateway.Proxy.Telemetry.Attributes;

namespace AgentGateway.Proxy.Telemetry.Tracing;

/// <summary>
/// Writes the spans of a finished request as repeated field <c>spans</c> of an OTLP <c>ScopeSpans</c> message. Exporter and trace store share
/// these bytes. Field numbers: opentelemetry/proto/trace/v1/trace.proto and common/v1/common.proto.
/// </summary>
internal static class SpanWriter
{
    /// <summary>Field of <c>ScopeSpans</c> that the spans are written to.</summary>
    public const int SpansField = 2;

    private const int AttributesField = 9;

    // Bits 8 and 9 of Span.flags: whether it is known that the parent is remote, and whether it is.
    private const uint ParentKnown = 0x100;
    private const uint ParentRemote = 0x200;

    private static readonly long UnixEpochTicks = DateTimeOffset.UnixEpoch.UtcTicks;

    /// <summary>
    /// Writes the request span and its children; returns how many spans were written. A <paramref name="spanName"/> comes from configuration;
    /// null takes the default name.
    /// </summary>
    public static int Write(ByteBuffer buffer, RequestRecord record, AttributeList attributes, string? spanName, long endTimestamp, TimeProvider time)
    {
        var start = (ulong)(record.StartTime.UtcTicks - UnixEpochTicks) * 100;
        var clock = new Clock(start, record.StartTimestamp, time, endTimestamp);
        var span = buffer.BeginMessage(SpansField);
        WriteHead(buffer, record.Own, record.Incoming.SpanId);
        var name = buffer.BeginMessage(5);
        WriteName(buffer, record, spanName);
        buffer.EndMessage(name);
        buffer.AppendVarintField(6, (ulong)SpanKind.Server);
        buffer.AppendFixed64Field(7, start);
        buffer.AppendFixed64Field(8, clock.At(endTimestamp));
        foreach (var (key, value) in attributes.Items)
        {
            if (key.Scope != AttributeScope.LogOnly)
            {
                OtlpValue.WritePair(buffer, AttributesField, key, value);
            }
        }

        WriteTail(buffer, record.Error, ParentKnown | (record.Incoming.IsEmpty ? 0 : ParentRemote) | record.Own.Flags);
        buffer.EndMessage(span);

        var count = 1;
        foreach (var child in record.Outbound)
        {
            child.Read((Buffer: buffer, Clock: clock, Parent: record.Own.SpanId), static (state, child, list) => WriteChild(state.Buffer, child, list, state.Clock, state.Parent));
            count++;
        }

        return count;
    }

    private static void WriteChild(ByteBuffer buffer, OutboundSpan child, AttributeList attributes, Clock clock, SpanId parent)
    {
        var span = buffer.BeginMessage(SpansField);
        WriteHead(buffer, child.Context, parent);
        buffer.AppendStringField(5, child.Name);
        buffer.AppendVarintField(6, (ulong)SpanKind.Client);
        buffer.AppendFixed64Field(7, clock.At(child.StartTimestamp));
        buffer.AppendFixed64Field(8, clock.At(child.EndTimestamp == 0 ? clock.End : child.EndTimestamp));
        OtlpValue.WritePair(buffer, AttributesField, AttributeKeys.OutboundKind, child.Kind.Text());
        OtlpValue.WritePair(buffer, AttributesField, AttributeKeys.OutboundSubtype, child.Subtype);
        foreach (var (key, value) in attributes.Items)
        {
            OtlpValue.WritePair(buffer, AttributesField, key, value);
        }

        WriteTail(buffer, child.ErrorMessage, ParentKnown | child.Context.Flags);
        buffer.EndMessage(span);
    }

    private static void WriteHead(ByteBuffer buffer, TraceContext context, SpanId parent)
    {
        Span<byte> id = stackalloc byte[16];
        context.TraceId.Write(id);
        buffer.AppendBytesField(1, id);
        context.SpanId.Write(id);
        buffer.AppendBytesField(2, id[..8]);
        if (!parent.IsEmpty)
        {
            parent.Write(id);
            buffer.AppendBytesField(4, id[..8]);
        }
    }

    // The rules of the telemetry specification, 1.5.
    private static void WriteName(ByteBuffer buffer, RequestRecord record, string? spanName)
    {
        if (spanName is not null)
        {
            buffer.AppendUtf8(spanName);
        }
        else if (record.McpMethod is { } mcp)
        {
            buffer.AppendUtf8(mcp);
        }
        else if (record.IsGrpc && record.Path.Length > 1)
        {
            var query = record.Path.IndexOf('?');
            buffer.AppendUtf8(query < 0 ? record.Path.AsSpan(1) : record.Path.AsSpan(1, query - 1));
        }
        else if (record.PathMatch is { } path)
        {
            buffer.AppendUtf8(record.Method);
            buffer.Append((byte)' ');
            buffer.AppendUtf8(path);
        }
        else
        {
            buffer.Append("unknown"u8);
        }
    }

    private static void WriteTail(ByteBuffer buffer, string? error, uint flags)
    {
        if (error is not null)
        {
            var status = buffer.BeginMessage(15);
            buffer.AppendStringField(2, error);
            buffer.AppendVarintField(3, 2);
            buffer.EndMessage(status);
        }

        buffer.AppendFixed32Field(16, flags);
    }

    /// <summary>Turns monotonic time stamps into wall-clock nanoseconds that share one start.</summary>
    private readonly record struct Clock(ulong StartNanoseconds, long StartTimestamp, TimeProvider Time, long End)
    {
        public ulong At(long timestamp) =>
            StartNanoseconds + (ulong)Math.Max(0, Time.GetElapsedTime(StartTimestamp, timestamp).Ticks * 100);
    }
}
