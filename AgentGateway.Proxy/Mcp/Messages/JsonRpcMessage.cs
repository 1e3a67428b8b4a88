using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>
/// One JSON-RPC message as it came, with the places of the members that the gateway reads. The bytes are relayed unchanged, so that fields and
/// methods that the gateway does not know pass through. An instance can be used again for the next message.
/// </summary>
internal sealed class JsonRpcMessage
{
    private static readonly JsonReaderOptions Strict = new() { MaxDepth = McpLimits.JsonDepth };

    /// <summary>The whole message.</summary>
    public ReadOnlyMemory<byte> Json { get; private set; }

    public JsonRpcKind Kind { get; private set; }

    /// <summary>Method, null for responses.</summary>
    public string? Method { get; private set; }

    /// <summary>Identifier as it was written, quotes included.</summary>
    public JsonSlice IdSlice { get; private set; }

    public ReadOnlyMemory<byte> Id => IdSlice.Of(Json);

    /// <summary>Position of the brace that closes the message.</summary>
    public int CloseBrace { get; private set; }

    public JsonSlice Params { get; private set; }

    public bool ParamsIsObject { get; private set; }

    /// <summary>True when <c>params</c> is an object without members.</summary>
    public bool ParamsIsEmpty { get; private set; }

    public JsonSlice Meta { get; private set; }

    public bool MetaIsObject { get; private set; }

    public bool MetaIsEmpty { get; private set; }

    /// <summary><c>params.name</c>: the tool or prompt.</summary>
    public string? Name { get; private set; }

    public JsonSlice NameSlice { get; private set; }

    /// <summary><c>params.uri</c>: the resource.</summary>
    public string? Uri { get; private set; }

    public JsonSlice UriSlice { get; private set; }

    /// <summary>Type of <c>params.ref</c> of a completion: <c>ref/prompt</c> or <c>ref/resource</c>.</summary>
    public string? ReferenceType { get; private set; }

    /// <summary>Prompt name or resource address of <c>params.ref</c>.</summary>
    public string? Reference { get; private set; }

    public JsonSlice ReferenceSlice { get; private set; }

    /// <summary><c>params.protocolVersion</c> of a request, <c>result.protocolVersion</c> is not read here.</summary>
    public string? ProtocolVersion { get; private set; }

    public JsonSlice Arguments { get; private set; }

    /// <summary><c>params.progressToken</c> of a progress notification.</summary>
    public JsonSlice ProgressToken { get; private set; }

    /// <summary><c>params._meta.progressToken</c> of a request.</summary>
    public JsonSlice MetaProgressToken { get; private set; }

    /// <summary><c>params.requestId</c> of a cancellation.</summary>
    public JsonSlice CancelledId { get; private set; }

    /// <summary><c>_meta["io.modelcontextprotocol/protocolVersion"]</c>.</summary>
    public string? MetaVersion { get; private set; }

    public bool MetaHasClientInfo { get; private set; }

    public bool MetaHasClientCapabilities { get; private set; }

    /// <summary>Value of <c>_meta.traceparent</c>, likewise <c>tracestate</c> and <c>baggage</c>.</summary>
    public JsonSlice MetaTraceparent { get; private set; }

    public JsonSlice MetaTracestate { get; private set; }

    public JsonSlice MetaBaggage { get; private set; }

    public JsonSlice Result { get; private set; }

    public JsonSlice Error { get; private set; }

    public int? ErrorCode { get; private set; }

    public string? ErrorMessage { get; private set; }

    /// <summary>Reads a message; false with a reason when it is no single JSON-RPC message. The memory must stay unchanged while the message is used.</summary>
    public bool TryParse(ReadOnlyMemory<byte> json, out string reason)
    {
        Reset(json);
        var span = json.Span;
        if (span.Trim(" \t\r\n"u8).IsEmpty)
        {
            reason = "the body is empty";
            return false;
        }

        if (!Utf8.IsValid(span))
        {
            reason = "the text is not valid UTF-8";
            return false;
        }

        try
        {
            var reader = new Utf8JsonReader(span, Strict);
            return Parse(ref reader, out reason);
        }
        catch (JsonException error)
        {
            reason = $"{error.Message.Split(". LineNumber", 2)[0].TrimEnd('.')} at byte {error.BytePositionInLine ?? 0} of line {(error.LineNumber ?? 0) + 1}";
        }
        catch (InvalidOperationException)
        {
            reason = "a string has an escaped half of a surrogate pair";
        }

        Kind = JsonRpcKind.Unknown;
        return false;
    }

    /// <summary>Reads a message of an upstream: what is not understood stays of unknown kind, and is passed on as it is.</summary>
    public void Read(ReadOnlyMemory<byte> json) => _ = TryParse(json, out _);

    /// <summary>Identifier in the one form that equal identifiers share: escapes resolved, text and numbers apart.</summary>
    public string IdKey() => KeyOf(IdSlice);

    /// <summary>Comparable form of an identifier or progress token inside this message.</summary>
    public string KeyOf(JsonSlice slice)
    {
        var raw = slice.Of(Json.Span);
        if (raw.Length == 0 || raw[0] != (byte)'"')
        {
            return Encoding.UTF8.GetString(raw);
        }

        var reader = new Utf8JsonReader(raw);
        reader.Read();
        return "\"" + reader.GetString();
    }

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
                ParseOtherParam(ref reader);
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

    private void ParseOtherParam(ref Utf8JsonReader reader)
    {
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
        else if (reader.ValueTextEquals("ref"u8))
        {
            reader.Read();
            ParseReference(ref reader);
        }
        else
        {
            reader.Read();
            reader.Skip();
        }
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
        Method = Name = Uri = ReferenceType = Reference = ProtocolVersion = MetaVersion = ErrorMessage = null;
        IdSlice = Params = Meta = NameSlice = UriSlice = ReferenceSlice = Arguments = ProgressToken = MetaProgressToken = CancelledId = default;
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
