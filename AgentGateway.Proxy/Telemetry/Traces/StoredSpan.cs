using System.Text;
using AgentGateway.Proxy.Telemetry.Tracing;

namespace AgentGateway.Proxy.Telemetry.Traces;

/// <summary>A span read back from its encoded form.</summary>
internal sealed class StoredSpan
{
    public SpanId Id { get; private set; }

    public SpanId Parent { get; private set; }

    public string Name { get; private set; } = "";

    public SpanKind Kind { get; private set; }

    /// <summary>Nanoseconds since 1970.</summary>
    public ulong Start { get; private set; }

    public ulong End { get; private set; }

    /// <summary>True when the status is an error.</summary>
    public bool Failed { get; private set; }

    public string? StatusMessage { get; private set; }

    /// <summary>Encoded <c>KeyValue</c> messages.</summary>
    public List<byte[]> Attributes { get; } = [];

    public List<StoredSpan> Children { get; } = [];

    public static StoredSpan Read(ReadOnlySpan<byte> message)
    {
        var span = new StoredSpan();
        var reader = new ProtoReader(message);
        while (reader.Read())
        {
            switch (reader.Field)
            {
                case 2:
                    span.Id = SpanId.Read(reader.Bytes);
                    break;
                case 4:
                    span.Parent = SpanId.Read(reader.Bytes);
                    break;
                case 5:
                    span.Name = Encoding.UTF8.GetString(reader.Bytes);
                    break;
                case 6:
                    span.Kind = (SpanKind)reader.Number;
                    break;
                case 7:
                    span.Start = reader.Number;
                    break;
                case 8:
                    span.End = reader.Number;
                    break;
                case 9:
                    span.Attributes.Add(reader.Bytes.ToArray());
                    break;
                case 15:
                    span.ReadStatus(reader.Bytes);
                    break;
            }
        }

        return span;
    }

    private void ReadStatus(ReadOnlySpan<byte> message)
    {
        var reader = new ProtoReader(message);
        while (reader.Read())
        {
            if (reader.Field == 2)
            {
                StatusMessage = Encoding.UTF8.GetString(reader.Bytes);
            }
            else if (reader.Field == 3)
            {
                Failed = reader.Number == 2;
            }
        }
    }
}
