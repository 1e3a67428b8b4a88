using AgentGateway.Cel;
using AgentGateway.Configuration;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry.Attributes;

namespace AgentGateway.Proxy.Telemetry.Fields;

/// <summary>
/// What configuration changes about the attributes of a span or a log line: names to leave out, expressions to add, a filter, and for
/// spans a name. Added values stand at the end in the order of the configuration; of two values with one name the last wins, and a default
/// goes only when an added expression gave a value (telemetry specification, 1.6 and 4.3).
/// </summary>
internal sealed class FieldSet
{
    /// <summary>The reserved name of the expression that names the span.</summary>
    public const string SpanNameKey = "span.name";

    // CelFlattening takes a sink object; completion never awaits, so one for each thread is enough.
    [ThreadStatic]
    private static Sink? _sink;

    private readonly Field[] _fields;
    private readonly string[] _remove;
    private readonly Field? _filter;
    private readonly Field? _spanName;

    public FieldSet(EquatableMap<Expression> add, EquatableArray<string> remove, Expression? filter, bool isSpan)
    {
        var fields = new List<Field>();
        foreach (var (name, expression) in add)
        {
            var field = new Field(name, expression.Program);
            if (isSpan && name == SpanNameKey)
            {
                _spanName = field;
            }
            else
            {
                fields.Add(field);
            }
        }

        _fields = [.. fields];
        _remove = [.. remove];
        _filter = filter is null ? null : new Field("filter", filter.Program);
    }

    /// <summary>Changes nothing.</summary>
    public static FieldSet None { get; } = new(EquatableMap<Expression>.Empty, [], null, isSpan: false);

    /// <summary>True when the list of defaults can be used as it is.</summary>
    public bool IsEmpty => _fields.Length == 0 && _remove.Length == 0 && _spanName is null;

    /// <summary>Everything that is evaluated for a request.</summary>
    public IEnumerable<CelProgram> Programs => new[] { _filter, _spanName }.OfType<Field>().Concat(_fields).Select(entry => entry.Program);

    /// <summary>True when the request is to be shown: there is no filter, or it is true.</summary>
    public bool Keeps(RequestContext context) => _filter is null || _filter.Evaluate(context).IsTrue;

    /// <summary>True when a connection without HTTP is to be shown.</summary>
    public bool Keeps(ICelActivation connection) => _filter is null || _filter.Evaluate(connection).IsTrue;

    /// <summary>Changes a list of defaults of a connection without HTTP.</summary>
    public void Apply(ICelActivation connection, AttributeList list)
    {
        foreach (var name in _remove)
        {
            list.Remove(name);
        }

        var sink = _sink ??= new Sink();
        foreach (var field in _fields)
        {
            var result = field.Evaluate(connection);
            if (!result.IsError)
            {
                sink.Take(list, field, result);
            }
        }
    }

    /// <summary>Changes a list of defaults. Returns the name of the span, or null for the default one.</summary>
    public string? Apply(RequestContext context, AttributeList list)
    {
        foreach (var name in _remove)
        {
            list.Remove(name);
        }

        var sink = _sink ??= new Sink();
        string? spanName = null;
        if (_spanName is { } naming && naming.Evaluate(context) is { IsError: false } value)
        {
            if (value.Kind == CelKind.String)
            {
                spanName = value.AsString();
            }
            else
            {
                sink.Take(list, naming, value);
            }
        }

        foreach (var field in _fields)
        {
            var result = field.Evaluate(context);
            if (!result.IsError)
            {
                sink.Take(list, field, result);
            }
        }

        return spanName;
    }

    private sealed class Sink : ICelAttributeSink
    {
        private AttributeList? _list;
        private AttributeKey? _key;

        public void Take(AttributeList list, Field field, CelValue value)
        {
            _list = list;
            _key = field.Key;
            CelFlattening.Expand(field.Key.Name, value, this);
            _list = null;
        }

        public void Add(string key, CelValue value) => Put(key, value.Kind switch
        {
            CelKind.Bool => value.AsBool(),
            CelKind.Int => value.AsInt(),
            CelKind.Uint when value.AsUint() <= long.MaxValue => (long)value.AsUint(),
            CelKind.Uint or CelKind.Double => Real(value),
            _ => value.AsString(),
        });

        public void AddJson(string key, string json) => Put(key, AttributeValue.Json(json));

        private void Put(string key, AttributeValue value)
        {
            _list!.Remove(key);
            _list.Add(ReferenceEquals(key, _key!.Name) ? _key : new AttributeKey(key, quoted: true), value);
        }

        private static AttributeValue Real(CelValue value) => value.Kind == CelKind.Uint ? value.AsUint() : value.AsDouble();
    }
}
