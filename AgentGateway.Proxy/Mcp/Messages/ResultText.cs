using System.Buffers;
using System.Text.Json;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>Reads and completes results where the revisions before and since 2026-07-28 differ.</summary>
internal static class ResultText
{
    private static readonly JsonReaderOptions Options = new() { MaxDepth = McpLimits.JsonDepth };

    /// <summary>Revision that an <c>initialize</c> result names, or null.</summary>
    public static string? ProtocolVersion(ReadOnlyMemory<byte> result) => Text(result.Span, "protocolVersion"u8);

    /// <summary>Text of a member of an object, null when there is none.</summary>
    public static string? Text(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => Member(json, name) is { IsPresent: true } slice ? TextOf(slice.Of(json)) : null;

    /// <summary>True when a member of an object is <c>true</c>.</summary>
    public static bool IsTrue(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name) => Member(json, name) is { IsPresent: true } slice && slice.Of(json).SequenceEqual("true"u8);

    /// <summary>
    /// Adds what results must have since revision 2026-07-28 and an older server does not send: <c>resultType</c>, and the caching hints of lists and reads.
    /// </summary>
    public static void Complete(JsonRpcMessage message, string? method, JsonEdits edits)
    {
        if (message.Kind != JsonRpcKind.Response)
        {
            return;
        }

        var result = message.Result.Of(message.Json.Span);
        if (result[0] != (byte)'{')
        {
            return;
        }

        // A result of another type, such as a request for input, is not to be cached.
        var type = Member(result, "resultType"u8);
        var isComplete = !type.IsPresent || TextOf(type.Of(result)) == "complete";
        var added = type.IsPresent ? "" : "\"resultType\":\"complete\",";
        if (isComplete && McpMethods.IsCacheable(method))
        {
            added += Member(result, "ttlMs"u8).IsPresent ? "" : "\"ttlMs\":0,";
            added += Member(result, "cacheScope"u8).IsPresent ? "" : "\"cacheScope\":\"private\",";
        }

        if (added.Length > 0)
        {
            var isEmpty = result[1..].TrimStart(" \t\r\n"u8)[0] == (byte)'}';
            edits.Insert(message.Result.Start + 1, isEmpty ? added[..^1] : added);
        }
    }

    /// <summary>The answer to <c>server/discover</c> on behalf of a server that only knows <c>initialize</c>.</summary>
    public static byte[] Discover(ReadOnlyMemory<byte> id, ReadOnlyMemory<byte> initializeResult)
    {
        var result = initializeResult.Span;
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("jsonrpc"u8, "2.0"u8);
            writer.WritePropertyName("id"u8);
            writer.WriteRawValue(id.Span, skipInputValidation: true);
            writer.WriteStartObject("result"u8);
            writer.WriteString("resultType"u8, "complete"u8);
            writer.WriteStartArray("supportedVersions"u8);
            foreach (var version in McpVersions.Known)
            {
                writer.WriteStringValue(version);
            }

            writer.WriteEndArray();
            Copy(writer, result, "capabilities"u8, "{}"u8);
            Copy(writer, result, "instructions"u8, default);
            if (Member(result, "serverInfo"u8) is { IsPresent: true } info)
            {
                writer.WriteStartObject("_meta"u8);
                writer.WritePropertyName("io.modelcontextprotocol/serverInfo"u8);
                writer.WriteRawValue(info.Of(result), skipInputValidation: true);
                writer.WriteEndObject();
            }

            writer.WriteNumber("ttlMs"u8, 0);
            writer.WriteString("cacheScope"u8, "private"u8);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void Copy(Utf8JsonWriter writer, ReadOnlySpan<byte> from, ReadOnlySpan<byte> member, ReadOnlySpan<byte> otherwise)
    {
        var slice = Member(from, member);
        var value = slice.IsPresent ? slice.Of(from) : otherwise;
        if (!value.IsEmpty)
        {
            writer.WritePropertyName(member);
            writer.WriteRawValue(value, skipInputValidation: true);
        }
    }

    /// <summary>Place of a member's value in an object; absent when there is none, or the text is no object.</summary>
    public static JsonSlice Member(ReadOnlySpan<byte> json, ReadOnlySpan<byte> name)
    {
        var reader = new Utf8JsonReader(json, Options);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return default;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var found = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            if (found)
            {
                return new JsonSlice(start, (int)reader.BytesConsumed - start);
            }
        }

        return default;
    }

    private static string? TextOf(ReadOnlySpan<byte> value)
    {
        var reader = new Utf8JsonReader(value);
        return reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
    }
}
