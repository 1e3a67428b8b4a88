using AgentGateway.Tests.Telemetry.Otlp.Wire;

namespace AgentGateway.Tests.Telemetry.Otlp;

/// <summary>A span as a collector sees it.</summary>
internal sealed class ReceivedSpan
{
    private readonly Dictionary<string, object?> _attributes = new(StringComparer.Ordinal);

    public ReceivedSpan(Span span, IReadOnlyDictionary<string, object?> resource, string scope)
    {
        Wire = span;
        Resource = resource;
        Scope = scope;
        foreach (var attribute in span.Attributes)
        {
            // Throws when a name comes twice, which no exporter may send.
            _attributes.Add(attribute.Key, Value(attribute.Value));
        }
    }

    /// <summary>The message itself.</summary>
    public Span Wire { get; }

    public IReadOnlyDictionary<string, object?> Resource { get; }

    /// <summary>Name of the instrumentation scope.</summary>
    public string Scope { get; }

    public string Name => Wire.Name;

    public string TraceId => Convert.ToHexStringLower(Wire.TraceId.Span);

    public string SpanId => Convert.ToHexStringLower(Wire.SpanId.Span);

    /// <summary>Empty for a root.</summary>
    public string ParentSpanId => Convert.ToHexStringLower(Wire.ParentSpanId.Span);

    /// <summary><c>Server</c>, <c>Client</c> or <c>Internal</c>.</summary>
    public string Kind => Wire.Kind switch { 1 => "Internal", 2 => "Server", 3 => "Client", _ => "Unspecified" };

    public bool Failed => Wire.Status is { Code: 2 };

    public TimeSpan Duration => TimeSpan.FromTicks((long)(Wire.EndTimeUnixNano - Wire.StartTimeUnixNano) / 100);

    /// <summary>Attributes by name: string, long, double or bool.</summary>
    public IReadOnlyDictionary<string, object?> Attributes => _attributes;

    /// <summary>Names in the order in which they came.</summary>
    public IEnumerable<string> AttributeNames => Wire.Attributes.Select(attribute => attribute.Key);

    internal static object? Value(AnyValue? value) => value?.ValueCase switch
    {
        AnyValue.ValueOneofCase.StringValue => value.StringValue,
        AnyValue.ValueOneofCase.BoolValue => value.BoolValue,
        AnyValue.ValueOneofCase.IntValue => value.IntValue,
        AnyValue.ValueOneofCase.DoubleValue => value.DoubleValue,
        AnyValue.ValueOneofCase.BytesValue => value.BytesValue.ToByteArray(),
        AnyValue.ValueOneofCase.ArrayValue => value.ArrayValue.Values.Select(Value).ToArray(),
        AnyValue.ValueOneofCase.KvlistValue => value.KvlistValue.Values.ToDictionary(pair => pair.Key, pair => Value(pair.Value)),
        _ => null,
    };
}
