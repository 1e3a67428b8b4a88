using System.Globalization;
using System.Text;
using AgentGateway.Cel;

namespace AgentGateway.Configuration.Expressions;

/// <summary>The query accessors of <c>request.uri</c> and <c>request.pathAndQuery</c>, which are plain strings otherwise.</summary>
internal static class QueryFunctions
{
    private static readonly CelValue NoParameter = CelValue.FromError(CelErrorCode.NoSuchKey, "no such key: query parameter");

    // A parameter is cut out, decoded and kept: strings of its own beside the text.
    private const int BytesOfCharacter = 8;
    private const int WorkOfParameter = 4;

    public static void Register(CelEnvironmentBuilder builder)
    {
        builder.AddMethod("string.query(string) -> list(string)", Query, "The values of a query parameter; an error when there is none.");
        builder.AddMethod("string.addQuery(string, string) -> string", static (in CelCall call) => With(call, replace: false), "The URI with a query parameter added.");
        builder.AddMethod("string.setQuery(string, string) -> string", static (in CelCall call) => With(call, replace: true), "The URI with a query parameter in place of all of that name.");
    }

    private static CelValue Query(in CelCall call)
    {
        var name = call[1].AsString();
        var values = new List<string>();
        var query = QueryOf(call[0].AsString());
        if (!call.TryReserve(query.Length))
            return CelCall.TooLarge;
        foreach (var range in query.Split('&'))
        {
            if (!call.TryReserve(range.End.Value - range.Start.Value, BytesOfCharacter) || !call.TrySpend(WorkOfParameter))
                return CelCall.TooLarge;
            var (key, value) = Pair(query[range]);
            if (!query[range].IsEmpty && Decode(key) == name)
                values.Add(Decode(value));
        }

        return values.Count == 0 ? NoParameter : CelValue.FromStrings(values);
    }

    private static CelValue With(in CelCall call, bool replace)
    {
        var uri = call[0].AsString();
        var name = call[1].AsString();
        var value = call[2].AsString();
        if (!call.TryReserve(uri.Length + (name.Length + value.Length) * 3L + 2))
            return CelCall.TooLarge;
        var fragment = uri.IndexOf('#', StringComparison.Ordinal);
        var end = fragment < 0 ? uri.Length : fragment;
        var mark = uri.AsSpan(0, end).IndexOf('?');
        var result = new StringBuilder(uri, 0, mark < 0 ? end : mark, uri.Length + 64).Append('?');
        var first = true;
        var placed = false;
        var query = QueryOf(uri);
        foreach (var range in query.Split('&'))
        {
            if (!call.TryReserve(range.End.Value - range.Start.Value, BytesOfCharacter) || !call.TrySpend(WorkOfParameter))
                return CelCall.TooLarge;
            var part = query[range];
            if (part.IsEmpty)
                continue;
            if (replace && Decode(Pair(part).Key) == name)
            {
                // The new value takes the place of the first one.
                if (!placed)
                    Append(result, name, value, ref first);
                placed = true;
                continue;
            }

            if (!first)
                result.Append('&');
            first = false;
            result.Append(part);
        }

        if (!placed)
            Append(result, name, value, ref first);
        return CelValue.FromString(result.Append(uri.AsSpan(end)).ToString());
    }

    private static void Append(StringBuilder result, string name, string value, ref bool first)
    {
        if (!first)
            result.Append('&');
        first = false;
        Encode(result, name);
        result.Append('=');
        Encode(result, value);
    }

    private static ReadOnlySpan<char> QueryOf(string uri)
    {
        var text = uri.AsSpan();
        var fragment = text.IndexOf('#');
        if (fragment >= 0)
            text = text[..fragment];
        var mark = text.IndexOf('?');
        return mark < 0 ? default : text[(mark + 1)..];
    }

    private static (string Key, string Value) Pair(ReadOnlySpan<char> part)
    {
        var equals = part.IndexOf('=');
        return equals < 0 ? (part.ToString(), "") : (part[..equals].ToString(), part[(equals + 1)..].ToString());
    }

    private static string Decode(string text) => Uri.UnescapeDataString(text.Replace('+', ' '));

    private static void Encode(StringBuilder result, string text)
    {
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            var c = (char)b;
            if (char.IsAsciiLetterOrDigit(c) || c is '-' or '.' or '_' or '~')
                result.Append(c);
            else
                result.Append('%').Append(b.ToString("X2", CultureInfo.InvariantCulture));
        }
    }
}
