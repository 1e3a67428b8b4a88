using System.Text.Json;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.A2a;

/// <summary>Reads from JSON-RPC messages of A2A what logs and traces tell. Never fails: what is not understood is not told.</summary>
internal static class A2aMessage
{
    private const int LongestText = 256;
    private static readonly JsonReaderOptions Options = new() { MaxDepth = 64 };

    /// <summary>The method of a request, also when only its beginning is at hand; null when it is not found.</summary>
    public static string? Method(ReadOnlySpan<byte> body, bool isWhole)
    {
        try
        {
            var reader = new Utf8JsonReader(body, isWhole, new JsonReaderState(Options));
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return null;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMethod = reader.ValueTextEquals("method"u8);
                if (!reader.Read())
                {
                    return null;
                }

                if (isMethod)
                {
                    return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestText ? reader.GetString() : null;
                }

                if (!reader.TrySkip())
                {
                    return null;
                }
            }
        }
        catch (JsonException)
        {
            return null;
        }

        return null;
    }

    /// <summary>Writes the outcome of a response to the record.</summary>
    public static void Describe(ReadOnlySpan<byte> body, RequestRecord record)
    {
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(body, Options);
            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        if (root.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            record.A2aOutcome = "error";
            record.A2aErrorCode = error.TryGetProperty("code", out var code) && code.ValueKind == JsonValueKind.Number && code.TryGetInt32(out var number) ? number : null;
            return;
        }

        if (!root.TryGetProperty("result", out var result))
        {
            return;
        }

        record.A2aOutcome = "success";
        if (result.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        // Version 0.3 tells the kind by a member, version 1.0 by the name of the only member: {"task": {…}} or {"message": {…}}.
        record.A2aResultKind = Text(result, "kind");
        foreach (var kind in (ReadOnlySpan<string>)["task", "message"])
        {
            if (record.A2aResultKind is null && result.TryGetProperty(kind, out var inner) && inner.ValueKind == JsonValueKind.Object)
            {
                record.A2aResultKind = kind;
                result = inner;
            }
        }

        record.A2aContextId = Text(result, "contextId");
        if (result.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Object)
        {
            record.A2aTaskState = Text(status, "state");
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: <= LongestText } text ? text : null;
}
