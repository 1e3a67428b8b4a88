using System.Text.Json;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>Arguments of a <c>fetch</c> call, checked.</summary>
/// <param name="Url">Absolute HTTP(S) address without credentials.</param>
/// <param name="MaxLength">Characters to return at most.</param>
/// <param name="StartIndex">First character to return.</param>
/// <param name="Raw">Return HTML as received instead of Markdown.</param>
internal sealed record FetchArguments(Uri Url, int MaxLength, int StartIndex, bool Raw)
{
    internal const int DefaultMaxLength = 5000;
    internal const int MaxMaxLength = 1_000_000;

    private const string UrlName = "url";
    private const string MaxLengthName = "max_length";
    private const string StartIndexName = "start_index";
    private const string RawName = "raw";
    private const int MaxShownLength = 40;

    /// <summary>Reads and checks the arguments of a call.</summary>
    /// <exception cref="FetchException">An argument is missing, unknown, of the wrong type or out of range; the message lists them all.</exception>
    internal static FetchArguments Parse(IDictionary<string, JsonElement>? arguments)
    {
        var errors = new List<string>();
        Uri? url = null;
        var maxLength = DefaultMaxLength;
        var startIndex = 0;
        var raw = false;

        if (arguments is null || !arguments.ContainsKey(UrlName))
            errors.Add("'url' is required");
        foreach (var (name, value) in arguments ?? new Dictionary<string, JsonElement>())
        {
            switch (name)
            {
                case UrlName when value.ValueKind == JsonValueKind.String:
                    if (!FetchUrl.TryParse(value.GetString()!, out url, out var reason))
                        errors.Add(reason);
                    break;
                case UrlName:
                    errors.Add("'url' must be a string");
                    break;
                case MaxLengthName:
                    maxLength = ReadInteger(name, value, 1, MaxMaxLength, maxLength, errors);
                    break;
                case StartIndexName:
                    startIndex = ReadInteger(name, value, 0, int.MaxValue, startIndex, errors);
                    break;
                case RawName when value.ValueKind is JsonValueKind.True or JsonValueKind.False:
                    raw = value.GetBoolean();
                    break;
                case RawName:
                    errors.Add("'raw' must be true or false");
                    break;
                default:
                    errors.Add($"'{Shorten(name)}' is not an argument; known are url, max_length, start_index, raw");
                    break;
            }
        }

        if (errors.Count > 0 || url is null)
            throw new FetchException(FetchFailure.InvalidArgument, "Invalid arguments: " + string.Join("; ", errors) + ".");
        return new FetchArguments(url, maxLength, startIndex, raw);
    }

    /// <summary>JSON Schema counts 5000.0 as an integer, so whole floating-point forms pass.</summary>
    private static int ReadInteger(string name, JsonElement value, int min, int max, int fallback, List<string> errors)
    {
        if (value.ValueKind != JsonValueKind.Number || !value.TryGetDecimal(out var number) || number != decimal.Truncate(number))
        {
            errors.Add($"'{name}' must be an integer");
            return fallback;
        }

        if (number < min || number > max)
        {
            errors.Add($"'{name}' is {Shorten(value.GetRawText())}; it must be between {min} and {max}");
            return fallback;
        }

        return (int)number;
    }

    private static string Shorten(string text) => text.Length <= MaxShownLength ? text : text[..MaxShownLength] + "...";
}
