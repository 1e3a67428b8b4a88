using AgentGateway.Configuration.Expressions;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Expressions;

/// <summary><c>request.headers</c> or <c>response.headers</c>: the headers as they stand now.</summary>
internal sealed class MessageHeaderView(RequestContext context, bool ofResponse) : HeaderView
{
    public override int Count => Headers.Count;

    private IHeaderDictionary Headers => ofResponse ? context.Http.Response.Headers : context.Http.Request.Headers;

    public override HeaderValues Find(string name) => Headers.TryGetValue(name, out var values) ? Of(values) : default;

    public override bool IsSensitive(string name) => base.IsSensitive(name) || context.Services.SensitiveHeaders.Contains(name);

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
