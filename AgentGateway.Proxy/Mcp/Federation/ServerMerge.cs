using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Mcp.Messages;

namespace AgentGateway.Proxy.Mcp.Federation;

/// <summary>What the gateway says of itself in front of several servers: the answers to <c>initialize</c> and <c>server/discover</c> (specification 2.6).</summary>
internal static class ServerMerge
{
    private const string Instructions =
        "This server is a gateway to a set of mcp servers. It is responsible for routing requests to the correct server and aggregating the results.";

    private static readonly JsonWriterOptions Plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping, MaxDepth = McpLimits.JsonDepth };

    // Routed to the owner or to all targets, so that one server which has it is enough.
    private static readonly byte[][] PassedOn = ["completions"u8.ToArray(), "logging"u8.ToArray(), "tasks"u8.ToArray()];

    /// <summary>Answers <c>initialize</c>.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="servers">Targets with their answers.</param>
    /// <param name="canSubscribe">True when changes of a resource can reach the client: it has a session.</param>
    public static byte[] Initialize(JsonRpcMessage request, IReadOnlyList<(string Target, ServerFacts Facts)> servers, bool canSubscribe) => Write(request.Id, writer =>
    {
        writer.WriteString("protocolVersion"u8, LowestVersion(request.ProtocolVersion, servers));
        WriteCapabilities(writer, servers, canSubscribe);
        writer.WriteStartObject("serverInfo"u8);
        WriteInfo(writer);
        writer.WriteEndObject();
        writer.WriteString("instructions"u8, InstructionsOf(servers));
    });

    /// <summary>Answers <c>server/discover</c>; a server that only knows <c>initialize</c> is bridged to all revisions.</summary>
    /// <param name="request">The client's request.</param>
    /// <param name="servers">Targets with their answers.</param>
    public static byte[] Discover(JsonRpcMessage request, IReadOnlyList<(string Target, ServerFacts Facts)> servers) => Write(request.Id, writer =>
    {
        writer.WriteString("resultType"u8, "complete"u8);
        writer.WriteStartArray("supportedVersions"u8);
        foreach (var version in McpVersions.Known)
        {
            if (servers.All(server => server.Facts.Speaks(version)))
            {
                writer.WriteStringValue(version);
            }
        }

        writer.WriteEndArray();

        // subscriptions/listen needs a stream of every target.
        WriteCapabilities(writer, servers, servers.All(static server => server.Facts.IsModern));
        writer.WriteString("instructions"u8, InstructionsOf(servers));
        writer.WriteStartObject("_meta"u8);
        writer.WriteStartObject("io.modelcontextprotocol/serverInfo"u8);
        WriteInfo(writer);
        writer.WriteEndObject();
        writer.WriteEndObject();
        writer.WriteNumber("ttlMs"u8, 0);
        writer.WriteString("cacheScope"u8, "private"u8);
    });

    // Revisions are dates, so their order is that of their text.
    private static string LowestVersion(string? asked, IReadOnlyList<(string Target, ServerFacts Facts)> servers)
    {
        var lowest = asked is not null && McpVersions.IsKnown(asked) ? asked : null;
        foreach (var (_, facts) in servers)
        {
            if (facts.Version is { } version && (lowest is null || string.CompareOrdinal(version, lowest) < 0))
            {
                lowest = version;
            }
        }

        return lowest ?? McpVersions.NewestLegacy;
    }

    private static string InstructionsOf(IReadOnlyList<(string Target, ServerFacts Facts)> servers)
    {
        var text = new StringBuilder(Instructions);
        foreach (var (target, facts) in servers)
        {
            if (ResultText.Text(facts.Result.Span, "instructions"u8) is { Length: > 0 } own)
            {
                text.Append("\n\n[").Append(target).Append("]\n").Append(own);
            }
        }

        return text.ToString();
    }

    private static void WriteCapabilities(Utf8JsonWriter writer, IReadOnlyList<(string Target, ServerFacts Facts)> servers, bool canSubscribe)
    {
        writer.WriteStartObject("capabilities"u8);
        WriteList(writer, servers, "tools"u8, canSubscribe: false);
        WriteList(writer, servers, "prompts"u8, canSubscribe: false);
        WriteList(writer, servers, "resources"u8, canSubscribe);
        foreach (var name in PassedOn)
        {
            foreach (var (_, facts) in servers)
            {
                if (facts.Capability(name) is { IsEmpty: false } value)
                {
                    writer.WritePropertyName(name);
                    writer.WriteRawValue(value.Span, skipInputValidation: true);
                    break;
                }
            }
        }

        WriteExtensions(writer, servers);
        writer.WriteEndObject();
    }

    private static void WriteList(Utf8JsonWriter writer, IReadOnlyList<(string Target, ServerFacts Facts)> servers, ReadOnlySpan<byte> name, bool canSubscribe)
    {
        bool isOffered = false, changes = false, subscribes = false;
        foreach (var (_, facts) in servers)
        {
            if (facts.Capability(name) is { IsEmpty: false } value)
            {
                isOffered = true;
                changes |= ResultText.IsTrue(value.Span, "listChanged"u8);
                subscribes |= ResultText.IsTrue(value.Span, "subscribe"u8);
            }
        }

        if (!isOffered)
        {
            return;
        }

        writer.WriteStartObject(name);
        if (changes)
        {
            writer.WriteBoolean("listChanged"u8, true);
        }

        if (subscribes && canSubscribe)
        {
            writer.WriteBoolean("subscribe"u8, true);
        }

        writer.WriteEndObject();
    }

    private static void WriteExtensions(Utf8JsonWriter writer, IReadOnlyList<(string Target, ServerFacts Facts)> servers)
    {
        var written = new HashSet<string>(StringComparer.Ordinal);
        foreach (var (_, facts) in servers)
        {
            var extensions = facts.Capability("extensions"u8);
            var reader = new Utf8JsonReader(extensions.Span, new JsonReaderOptions { MaxDepth = McpLimits.JsonDepth });
            if (extensions.IsEmpty || !reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString()!;
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                reader.Skip();
                if (!written.Add(name))
                {
                    continue;
                }

                if (written.Count == 1)
                {
                    writer.WriteStartObject("extensions"u8);
                }

                writer.WritePropertyName(name);
                writer.WriteRawValue(extensions.Span[start..(int)reader.BytesConsumed], skipInputValidation: true);
            }
        }

        if (written.Count > 0)
        {
            writer.WriteEndObject();
        }
    }

    private static void WriteInfo(Utf8JsonWriter writer)
    {
        writer.WriteString("name"u8, "agentgateway"u8);
        writer.WriteString("version"u8, BuildInformation.Version);
    }

    private static byte[] Write(ReadOnlyMemory<byte> id, Action<Utf8JsonWriter> result)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, Plain))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            writer.WriteRawValue(id.Span, skipInputValidation: true);
            writer.WriteStartObject("result"u8);
            result(writer);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
