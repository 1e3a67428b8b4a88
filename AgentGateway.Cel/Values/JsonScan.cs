using System.Text.Json;

namespace AgentGateway.Cel.Values;

/// <summary>Reads one top-level member of a JSON object and skips over everything else.</summary>
internal static class JsonScan
{
    private static readonly CelValue Invalid = CelValue.FromError(CelErrorCode.InvalidArgument, "invalid JSON");
    private static readonly CelValue NoObject = CelValue.FromError(CelErrorCode.NoSuchOverload, "JSON is no object");

    /// <summary>The member, absent when there is none; an error when the text is not a JSON object. All of the text is checked.</summary>
    public static CelValue Field(ReadOnlyMemory<byte> utf8, CelName name)
    {
        var reader = new Utf8JsonReader(utf8.Span, new JsonReaderOptions { MaxDepth = CelLimits.MaxJsonDepth * 2 });
        long start = -1;
        long end = -1;
        try
        {
            if (!reader.Read())
                return Invalid;
            var isObject = reader.TokenType == JsonTokenType.StartObject;
            while (reader.Read())
            {
                if (reader.CurrentDepth > CelLimits.MaxJsonDepth)
                    return JsonTape.TooDeep;
                if (!isObject || reader.CurrentDepth != 1 || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals(name.Utf8))
                    continue;
                if (!reader.Read())
                    return Invalid;
                start = reader.TokenStartIndex;
                reader.Skip();
                end = reader.BytesConsumed;
            }

            if (!isObject)
                return NoObject;
        }
        catch (JsonException)
        {
            return Invalid;
        }

        return start < 0 ? default : JsonTape.Parse(utf8[(int)start..(int)end]);
    }
}
