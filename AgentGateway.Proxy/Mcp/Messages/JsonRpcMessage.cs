using System.Text;
using System.Text.Json;
using System.Text.Unicode;

namespace AgentGateway.Proxy.Mcp.Messages;

/// <summary>
/// One JSON-RPC message as it came, with the places of the members that the gateway reads. The bytes are relayed unchanged, so that fields and
/// methods that the gateway does not know pass through. An instance can be used again for the next message.
/// </summary>
internal sealed partial class JsonRpcMessage
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

    /// <summary><c>params.cursor</c> of a list request.</summary>
    public JsonSlice CursorSlice { get; private set; }

    /// <summary><c>params.taskId</c>.</summary>
    public string? TaskId { get; private set; }

    public JsonSlice TaskIdSlice { get; private set; }

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
}
