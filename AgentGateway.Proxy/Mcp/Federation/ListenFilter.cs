using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>What a client wants to hear, or a server agreed to tell (<c>notifications</c> of <c>subscriptions/listen</c>, revision 2026-07-28).</summary>
internal sealed class ListenFilter
{
    private static readonly string[] Changes = ["toolsListChanged", "promptsListChanged", "resourcesListChanged"];

    private readonly HashSet<string> _changes = new(StringComparer.Ordinal);
    private readonly List<string> _resources = [];
    private JsonSlice _place;

    /// <summary>Addresses of resources, as the client knows them.</summary>
    public IReadOnlyList<string> Resources => _resources;

    /// <summary>Reads the filter of a request, or of an acknowledgement.</summary>
    public static ListenFilter Of(JsonRpcMessage message)
    {
        var filter = new ListenFilter();
        var parameters = message.Params.IsPresent ? message.Params.Of(message.Json.Span) : default;
        var notifications = ResultText.Member(parameters, "notifications"u8);
        if (!notifications.IsPresent)
        {
            return filter;
        }

        var value = notifications.Of(parameters);
        foreach (var change in Changes)
        {
            if (ResultText.IsTrue(value, Encoding.UTF8.GetBytes(change)))
            {
                filter._changes.Add(change);
            }
        }

        var resources = ResultText.Member(value, "resourceSubscriptions"u8);
        if (!resources.IsPresent)
        {
            return filter;
        }

        filter._place = new JsonSlice(message.Params.Start + notifications.Start + resources.Start, resources.Length);
        var reader = new Utf8JsonReader(resources.Of(value), new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.String && reader.CurrentDepth == 1)
            {
                filter._resources.Add(reader.GetString()!);
            }
        }

        return filter;
    }

    /// <summary>Adds the edit that leaves one target's resources, by the addresses that it knows.</summary>
    public void Edit(JsonEdits edits, IEnumerable<string> resources)
    {
        if (_place.IsPresent)
        {
            edits.Replace(_place, $"[{string.Join(',', resources.Select(static uri => $"\"{JsonEncodedText.Encode(uri)}\""))}]");
        }
    }

    /// <summary>Takes what one target agreed to.</summary>
    public void Add(ListenFilter granted, Func<string, string> outward)
    {
        _changes.UnionWith(granted._changes);
        _resources.AddRange(granted._resources.Select(outward));
    }

    /// <summary>Writes the acknowledgement for the client.</summary>
    /// <param name="id">Identifier of the client's request, which names the subscription.</param>
    public byte[] Acknowledge(ReadOnlyMemory<byte> id)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WriteString("method"u8, McpMethods.ListenAcknowledged);
            writer.WriteStartObject("params"u8);
            writer.WriteStartObject("_meta"u8);
            writer.WritePropertyName("io.modelcontextprotocol/subscriptionId"u8);
            writer.WriteRawValue(id.Span, skipInputValidation: true);
            writer.WriteEndObject();
            writer.WriteStartObject("notifications"u8);
            foreach (var change in Changes)
            {
                if (_changes.Contains(change))
                {
                    writer.WriteBoolean(change, true);
                }
            }

            if (_resources.Count > 0)
            {
                writer.WriteStartArray("resourceSubscriptions"u8);
                foreach (var uri in _resources)
                {
                    writer.WriteStringValue(uri);
                }

                writer.WriteEndArray();
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
