using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Expressions;

/// <summary><c>response.headers</c>: the headers as they stand now.</summary>
internal sealed class ResponseHeaderView(RequestContext context) : HeaderView
{
    public override int Count => context.Http.Response.Headers.Count;

    public override HeaderValues Find(string name) =>
        context.Http.Response.Headers.TryGetValue(name, out var values) ? Of(values) : default;

    public override bool MoveNextHeader(ref int cursor, out string name, out HeaderValues values)
    {
        var index = 0;
        foreach (var (key, value) in context.Http.Response.Headers)
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
