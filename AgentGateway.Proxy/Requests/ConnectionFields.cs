using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Requests;

/// <summary>
/// Takes out the fields that a client declared hop-by-hop by naming them in <c>Connection</c> (RFC 9110, 7.6.1). Done before any policy runs: done
/// later, a client could name fields that policies add, and so keep the gateway's word about it from reaching the upstream. Kestrel shows a
/// <c>Connection</c> that holds <c>keep-alive</c> as that alone, so what else it names then passes on as an ordinary field.
/// </summary>
internal static class ConnectionFields
{
    public static void RemoveNamed(IHeaderDictionary headers)
    {
        var connection = headers.Connection;
        if (connection.Count == 0 || (connection.Count == 1 && IsPlain(connection[0])))
        {
            return;
        }

        RemoveNamed(headers, connection);
    }

    private static void RemoveNamed(IHeaderDictionary headers, StringValues connection)
    {
        foreach (var line in connection)
        {
            foreach (var token in (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                if (!IsPlain(token) && !IsNeeded(token))
                {
                    headers.Remove(token);
                }
            }
        }
    }

    // Options that name no other field.
    private static bool IsPlain(string? value) =>
        value is null or "" || Is(value, "keep-alive") || Is(value, "close") || Is(value, "upgrade");

    // Framing, routing and upgrades are the transports' own; TE says whether trailers may be sent.
    private static bool IsNeeded(string name) =>
        Is(name, "Host") || Is(name, "Content-Length") || Is(name, "Transfer-Encoding") || Is(name, "TE") || Is(name, "Connection") || Is(name, "HTTP2-Settings")
        || name.StartsWith(':');

    private static bool Is(string value, string other) => value.Equals(other, StringComparison.OrdinalIgnoreCase);
}
