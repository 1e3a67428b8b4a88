using AgentGateway.Configuration.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Headers that do not change, such as those of a CONNECT request.</summary>
internal sealed class HeaderDictionaryView(IHeaderDictionary headers) : HeaderView
{
    public override int Count => headers.Count;

    public override HeaderValues Find(string name) => headers.TryGetValue(name, out var values) ? Of(values) : default;

    public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
    {
        var index = 0;
        foreach (var (key, value) in headers)
        {
            if (index++ == cursor)
            {
                cursor++;
                name = key.ToLowerInvariant();
                values = Of(value);
                return true;
            }
        }

        name = "";
        values = default;
        return false;
    }

    private static HeaderValues Of(StringValues values) => values.Count switch
    {
        0 => default,
        1 => new HeaderValues(values[0]),
        _ => new HeaderValues((IReadOnlyList<string>)values.ToArray()!),
    };
}
