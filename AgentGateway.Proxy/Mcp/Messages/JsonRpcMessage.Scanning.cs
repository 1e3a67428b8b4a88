using System.Text.Json;

namespace AgentGateway.Proxy.Mcp.Messages;

// The one pass over the text that finds the members; nothing is kept of it but their places.
internal sealed partial class JsonRpcMessage
{
    private bool Parse(ref Utf8JsonReader reader, out string reason)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reason = reader.TokenType == JsonTokenType.StartArray ? "batches of messages are not supported" : "a JSON-RPC message must be an object";
            return false;
        }

        var seen = Seen.None;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var member = reader.ValueTextEquals("jsonrpc"u8) ? Seen.Version
                : reader.ValueTextEquals("id"u8) ? Seen.Id
                : reader.ValueTextEquals("method"u8) ? Seen.Method
                : reader.ValueTextEquals("params"u8) ? Seen.Params
                : reader.ValueTextEquals("result"u8) ? Seen.Result
                : reader.ValueTextEquals("error"u8) ? Seen.Error
                : Seen.None;
            if ((seen & member) != 0)
            {
                // Two readers of a message with a repeated member can disagree on what it says; a policy must not see another method than the server.
                reason = $"duplicate field `{reader.GetString()}`";
                return false;
            }

            seen |= member;
            reader.Read();
            if (!ParseMember(ref reader, member, out reason))
            {
                return false;
            }
        }

        CloseBrace = (int)reader.TokenStartIndex;

        // Fails on anything but white space behind the object.
        reader.Read();
        return Classify(seen, out reason);
    }

    private bool ParseMember(ref Utf8JsonReader reader, Seen member, out string reason)
    {
        reason = "";
        switch (member)
        {
            case Seen.Version when reader.TokenType != JsonTokenType.String || !reader.ValueTextEquals("2.0"u8):
                reason = "`jsonrpc` must be \"2.0\"";
                return false;
            case Seen.Id:
                if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Null) && !(reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out _)))
                {
                    reason = "`id` must be a string or an integer";
                    return false;
                }

                IdSlice = reader.TokenType == JsonTokenType.Null ? default : SliceOf(ref reader);
                return true;
            case Seen.Method:
                if (reader.TokenType != JsonTokenType.String)
                {
                    reason = "`method` must be a string";
                    return false;
                }

                Method = McpMethods.Read(ref reader);
                return true;
            case Seen.Params:
                return ParseParams(ref reader, out reason);
            case Seen.Result:
                Result = SliceOf(ref reader);
                return true;
            case Seen.Error:
                ParseError(ref reader);
                return true;
            default:
                reader.Skip();
                return true;
        }
    }

    private bool Classify(Seen seen, out string reason)
    {
        reason = "";
        if ((seen & Seen.Version) == 0)
        {
            reason = "missing field `jsonrpc`";
        }
        else if (Method is not null)
        {
            if ((seen & (Seen.Result | Seen.Error)) != 0)
            {
                reason = "a message has either `method` or a result";
            }
            else if ((seen & Seen.Id) != 0 && !IdSlice.IsPresent)
            {
                reason = "`id` of a request must not be null";
            }
            else
            {
                Kind = IdSlice.IsPresent ? JsonRpcKind.Request : JsonRpcKind.Notification;
            }
        }
        else if ((seen & Seen.Error) != 0)
        {
            Kind = JsonRpcKind.Error;
        }
        else if ((seen & Seen.Result) != 0 && IdSlice.IsPresent)
        {
            Kind = JsonRpcKind.Response;
        }
        else
        {
            reason = "neither a request, a notification nor a response";
        }

        return Kind != JsonRpcKind.Unknown;
    }

    private bool ParseParams(ref Utf8JsonReader reader, out string reason)
    {
        reason = "";
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Params = SliceOf(ref reader);
            return true;
        }

        ParamsIsObject = true;
        ParamsIsEmpty = true;
        bool name = false, uri = false, meta = false, arguments = false;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            ParamsIsEmpty = false;
            var repeated = false;
            if (reader.ValueTextEquals("name"u8))
            {
                (repeated, name) = (name, true);
                reader.Read();
                Name = TextOf(ref reader, out var slice);
                NameSlice = slice;
            }
            else if (reader.ValueTextEquals("uri"u8))
            {
                (repeated, uri) = (uri, true);
                reader.Read();
                Uri = TextOf(ref reader, out var slice);
                UriSlice = slice;
            }
            else if (reader.ValueTextEquals("_meta"u8))
            {
                (repeated, meta) = (meta, true);
                reader.Read();
                ParseMeta(ref reader);
            }
            else if (reader.ValueTextEquals("arguments"u8))
            {
                (repeated, arguments) = (arguments, true);
                reader.Read();
                Arguments = SliceOf(ref reader);
            }
            else
            {
                repeated = ParseOtherParam(ref reader);
            }

            if (repeated)
            {
                reason = "duplicate field in `params`";
                return false;
            }
        }

        Params = new JsonSlice(start, (int)reader.BytesConsumed - start);
        return true;
    }

    // True when a member that requests are routed by stands there twice.
    private bool ParseOtherParam(ref Utf8JsonReader reader)
    {
        var repeated = false;
        if (reader.ValueTextEquals("protocolVersion"u8))
        {
            reader.Read();
            ProtocolVersion = TextOf(ref reader, out _);
        }
        else if (reader.ValueTextEquals("progressToken"u8))
        {
            reader.Read();
            ProgressToken = SliceOf(ref reader);
        }
        else if (reader.ValueTextEquals("requestId"u8))
        {
            reader.Read();
            CancelledId = SliceOf(ref reader);
        }
        else if (reader.ValueTextEquals("cursor"u8))
        {
            reader.Read();
            CursorSlice = SliceOf(ref reader);
        }
        else if (reader.ValueTextEquals("taskId"u8))
        {
            repeated = TaskIdSlice.IsPresent;
            reader.Read();
            TaskId = TextOf(ref reader, out var slice);
            TaskIdSlice = slice;
        }
        else if (reader.ValueTextEquals("ref"u8))
        {
            repeated = ReferenceSlice.IsPresent;
            reader.Read();
            ParseReference(ref reader);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }

        return repeated;
    }

    private void ParseReference(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isType = reader.ValueTextEquals("type"u8);
            var isTarget = reader.ValueTextEquals("name"u8) || reader.ValueTextEquals("uri"u8);
            reader.Read();
            if (isType)
            {
                ReferenceType = TextOf(ref reader, out _);
            }
            else if (isTarget)
            {
                Reference = TextOf(ref reader, out var slice);
                ReferenceSlice = slice;
            }
            else
            {
                reader.Skip();
            }
        }
    }

    private void ParseMeta(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Meta = SliceOf(ref reader);
            return;
        }

        MetaIsObject = true;
        MetaIsEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            MetaIsEmpty = false;
            if (reader.ValueTextEquals("progressToken"u8))
            {
                reader.Read();
                MetaProgressToken = SliceOf(ref reader);
            }
            else if (reader.ValueTextEquals("io.modelcontextprotocol/protocolVersion"u8))
            {
                reader.Read();
                MetaVersion = TextOf(ref reader, out _);
            }
            else if (reader.ValueTextEquals("io.modelcontextprotocol/clientInfo"u8))
            {
                reader.Read();
                MetaHasClientInfo = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("io.modelcontextprotocol/clientCapabilities"u8))
            {
                reader.Read();
                MetaHasClientCapabilities = reader.TokenType == JsonTokenType.StartObject;
                reader.Skip();
            }
            else if (reader.ValueTextEquals("traceparent"u8))
            {
                reader.Read();
                MetaTraceparent = SliceOf(ref reader);
            }
            else if (reader.ValueTextEquals("tracestate"u8))
            {
                reader.Read();
                MetaTracestate = SliceOf(ref reader);
            }
            else if (reader.ValueTextEquals("baggage"u8))
            {
                reader.Read();
                MetaBaggage = SliceOf(ref reader);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        Meta = new JsonSlice(start, (int)reader.BytesConsumed - start);
    }

    private void ParseError(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Error = SliceOf(ref reader);
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isCode = reader.ValueTextEquals("code"u8);
            var isMessage = reader.ValueTextEquals("message"u8);
            reader.Read();
            if (isCode && reader.TokenType == JsonTokenType.Number && reader.TryGetInt32(out var code))
            {
                ErrorCode = code;
            }
            else if (isMessage)
            {
                ErrorMessage = TextOf(ref reader, out _);
            }
            else
            {
                reader.Skip();
            }
        }

        Error = new JsonSlice(start, (int)reader.BytesConsumed - start);
    }

    private static string? TextOf(ref Utf8JsonReader reader, out JsonSlice slice)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            slice = default;
            reader.Skip();
            return null;
        }

        slice = SliceOf(ref reader);
        return reader.GetString();
    }

    private static JsonSlice SliceOf(ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        return new JsonSlice(start, (int)reader.BytesConsumed - start);
    }

    private void Reset(ReadOnlyMemory<byte> json)
    {
        Json = json;
        Kind = JsonRpcKind.Unknown;
        Method = Name = Uri = TaskId = ReferenceType = Reference = ProtocolVersion = MetaVersion = ErrorMessage = null;
        IdSlice = Params = Meta = NameSlice = UriSlice = ReferenceSlice = Arguments = ProgressToken = MetaProgressToken = CancelledId = CursorSlice = TaskIdSlice = default;
        MetaTraceparent = MetaTracestate = MetaBaggage = Result = Error = default;
        ParamsIsObject = ParamsIsEmpty = MetaIsObject = MetaIsEmpty = MetaHasClientInfo = MetaHasClientCapabilities = false;
        ErrorCode = null;
        CloseBrace = 0;
    }

    [Flags]
    private enum Seen
    {
        None = 0,
        Version = 1,
        Id = 2,
        Method = 4,
        Params = 8,
        Result = 16,
        Error = 32,
    }
}
