using AgentGateway.Tests.Telemetry.Otlp.Wire;

namespace AgentGateway.Tests.Telemetry.Otlp;

/// <summary>A log record as a collector sees it.</summary>
internal sealed class ReceivedLog
{
    private readonly Dictionary<string, object?> _attributes = new(StringComparer.Ordinal);

    public ReceivedLog(LogRecord record, IReadOnlyDictionary<string, object?> resource, string scope)
    {
        Wire = record;
        Resource = resource;
        Scope = scope;
        foreach (var attribute in record.Attributes)
        {
            // Throws when a name comes twice, which no exporter may send.
            _attributes.Add(attribute.Key, ReceivedSpan.Value(attribute.Value));
        }
    }

    /// <summary>The message itself.</summary>
    public LogRecord Wire { get; }

    public IReadOnlyDictionary<string, object?> Resource { get; }

    /// <summary>Name of the instrumentation scope.</summary>
    public string Scope { get; }

    public string TraceId => Convert.ToHexStringLower(Wire.TraceId.Span);

    public string SpanId => Convert.ToHexStringLower(Wire.SpanId.Span);

    /// <summary>Attributes by name: string, long, double or bool.</summary>
    public IReadOnlyDictionary<string, object?> Attributes => _attributes;

    /// <summary>Names in the order in which they came.</summary>
    public IEnumerable<string> AttributeNames => Wire.Attributes.Select(attribute => attribute.Key);
}
