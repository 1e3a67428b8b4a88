using AgentGateway.Configuration.Expressions;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Headers as the server keeps them.</summary>
internal abstract class HeaderDictionaryView : HeaderView
{
    public override int Count => Headers.Count;

    /// <summary>The headers as they stand now.</summary>
    protected abstract IHeaderDictionary Headers { get; }

    public override HeaderValues Find(string name) => Headers.TryGetValue(name, out var values) ? Of(values) : default;

    public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
    {
        var index = 0;
        foreach (var (key, value) in Headers)
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
