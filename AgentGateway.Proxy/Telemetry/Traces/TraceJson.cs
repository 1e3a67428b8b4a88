using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Traces;

/// <summary>Writes stored traces as JSON: an array, newest first, the spans of each as trees.</summary>
internal static class TraceJson
{
    // A gateway that calls itself makes one level for each hop; deeper spans are left out and counted in their ancestor.
    private const int MaxDepth = 64;

    private static readonly JsonWriterOptions Options = new() { MaxDepth = (MaxDepth * 2) + 16, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static void Write(IBufferWriter<byte> output, IReadOnlyList<StoredTrace> traces)
    {
        using var json = new Utf8JsonWriter(output, Options);
        json.WriteStartArray();
        foreach (var trace in traces)
        {
            json.WriteStartObject();
            json.WriteString("traceId", trace.Id.ToString());
            json.WriteString("service", trace.Service);
            json.WriteString("startTime", Time(trace.Start));
            json.WriteNumber("durationMs", Milliseconds(trace.Start, trace.End));
            json.WriteString("rootName", trace.Roots.Count > 0 ? trace.Roots[0].Name : "");
            json.WriteStartArray("spans");
            foreach (var span in trace.Roots)
            {
                WriteSpan(json, span, 1);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteSpan(Utf8JsonWriter json, StoredSpan span, int depth)
    {
        json.WriteStartObject();
        json.WriteString("name", span.Name);
        json.WriteString("kind", span.Kind.ToString());
        json.WriteString("spanId", span.Id.ToString());
        if (!span.Parent.IsEmpty)
        {
            json.WriteString("parentSpanId", span.Parent.ToString());
        }

        json.WriteString("startTime", Time(span.Start));
        json.WriteNumber("durationMs", Milliseconds(span.Start, span.End));
        json.WriteString("status", span.Failed ? "Error" : "Unset");
        if (span.StatusMessage is { } message)
        {
            json.WriteString("statusMessage", message);
        }

        json.WriteStartObject("attributes");
        foreach (var attribute in span.Attributes)
        {
            WriteAttribute(json, attribute);
        }

        json.WriteEndObject();
        if (depth == MaxDepth && span.Children.Count > 0)
        {
            json.WriteNumber("childrenOmitted", span.Children.Count);
        }

        json.WriteStartArray("children");
        if (depth < MaxDepth)
        {
            foreach (var child in span.Children)
            {
                WriteSpan(json, child, depth + 1);
            }
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteAttribute(Utf8JsonWriter json, ReadOnlySpan<byte> pair)
    {
        ReadOnlySpan<byte> key = default;
        ReadOnlySpan<byte> value = default;
        var reader = new ProtoReader(pair);
        while (reader.Read())
        {
            if (reader.Field == 1)
            {
                key = reader.Bytes;
            }
            else if (reader.Field == 2)
            {
                value = reader.Bytes;
            }
        }

        var any = new ProtoReader(value);
        if (!any.Read())
        {
            json.WriteNull(key);
            return;
        }

        switch (any.Field)
        {
            case 1:
                json.WriteString(key, any.Bytes);
                break;
            case 2:
                json.WriteBoolean(key, any.Number != 0);
                break;
            case 3:
                json.WriteNumber(key, (long)any.Number);
                break;
            case 4 when double.IsFinite(any.Double):
                json.WriteNumber(key, any.Double);
                break;
            case 4:
                json.WriteString(key, any.Double.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                json.WriteNull(key);
                break;
        }
    }

    private static string Time(ulong nanoseconds) =>
        DateTimeOffset.UnixEpoch.AddTicks((long)(nanoseconds / 100)).ToString("yyyy-MM-ddTHH:mm:ss.ffffffZ", CultureInfo.InvariantCulture);

    private static double Milliseconds(ulong start, ulong end) => end <= start ? 0 : Math.Round((end - start) / 1e6, 3);
}
