using System.Collections.Concurrent;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using AgentGateway.Proxy.Telemetry.Logging;

namespace AgentGateway.Proxy.Telemetry.Attributes;

/// <summary>Which outputs show an attribute.</summary>
internal enum AttributeScope
{
    Everywhere,
    SpanOnly,
    LogOnly,
}

/// <summary>
/// Name of an attribute with its forms for each output ready as bytes, so that a request only copies them.
/// </summary>
internal sealed class AttributeKey
{
    // Names that code gives to outbound spans: finite. Names from expressions are made with their plan, not through this table.
    private static readonly ConcurrentDictionary<string, AttributeKey> Known = new(StringComparer.Ordinal);

    public AttributeKey(string name, AttributeScope scope = AttributeScope.Everywhere, bool quoted = false)
    {
        Name = name;
        Scope = scope;
        Quoted = quoted;
        TextPrefix = TextForm(name);
        JsonPrefix = Encoding.UTF8.GetBytes($",\"{JsonEncodedText.Encode(name, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\":");
        var utf8 = Encoding.UTF8.GetBytes(name);
        using var buffer = new ByteBuffer(utf8.Length + 8);
        buffer.AppendBytesField(1, utf8);
        OtlpPrefix = buffer.WrittenSpan.ToArray();
    }

    public string Name { get; }

    public AttributeScope Scope { get; }

    /// <summary>True when a text log line puts the value in quotes whatever it holds.</summary>
    public bool Quoted { get; }

    /// <summary><c> name=</c></summary>
    public byte[] TextPrefix { get; }

    /// <summary><c>,"name":</c></summary>
    public byte[] JsonPrefix { get; }

    /// <summary>Field 1 (<c>key</c>) of an OTLP <c>KeyValue</c>.</summary>
    public byte[] OtlpPrefix { get; }

    /// <summary>The shared key of a name that stands in code.</summary>
    public static AttributeKey Of(string name) => Known.TryGetValue(name, out var key) ? key : Known.GetOrAdd(name, static n => new AttributeKey(n));

    public override string ToString() => Name;

    // Names may be keys of maps that clients sent.
    private static byte[] TextForm(string name)
    {
        using var buffer = new ByteBuffer(name.Length + 8);
        buffer.Append((byte)' ');
        LogText.AppendName(buffer, name);
        buffer.Append((byte)'=');
        return buffer.WrittenSpan.ToArray();
    }
}
