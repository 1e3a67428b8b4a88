using System.Net.Http.Headers;
using AgentGateway.Proxy.Mcp.Messages;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>Which headers of a client's request reach an upstream (specification 2.5), and which of an upstream's refusal reach the client.</summary>
internal static class ForwardedHeaders
{
    /// <summary>Copies the client's headers, save those of the hop, of the body, and those that the gateway sets itself.</summary>
    public static void Copy(IHeaderDictionary from, HttpRequestHeaders to)
    {
        var connection = from.Connection.ToString();
        foreach (var (name, values) in from)
        {
            if (!IsOwn(name) && !Names(connection, name))
            {
                to.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }
    }

    /// <summary>Sets the trace headers: the client's are replaced by those of the gateway's span.</summary>
    public static void SetTrace(HttpRequestHeaders headers, in UpstreamTrace trace)
    {
        Add(headers, "traceparent", trace.Traceparent);
        Add(headers, "tracestate", trace.Tracestate);
        Add(headers, "baggage", trace.Baggage);
    }

    /// <summary>True for response headers that describe the upstream's hop or body and not its answer.</summary>
    public static bool IsHopOfResponse(string name) => name.Length switch
    {
        2 => Is(name, "te"),
        7 => Is(name, "trailer") || Is(name, "upgrade"),
        10 => Is(name, "connection") || Is(name, "keep-alive"),
        14 => Is(name, "content-length") || Is(name, "mcp-session-id"),
        16 => Is(name, "proxy-connection"),
        17 => Is(name, "transfer-encoding"),
        _ => false,
    };

    private static bool IsOwn(string name) => name.Length switch
    {
        2 => Is(name, "te"),
        4 => Is(name, "host"),
        6 => Is(name, "accept") || Is(name, "expect"),
        7 => Is(name, "trailer") || Is(name, "upgrade") || Is(name, "baggage"),
        8 => Is(name, "mcp-name"),
        10 => Is(name, "connection") || Is(name, "keep-alive") || Is(name, "mcp-method") || Is(name, "tracestate"),
        11 => Is(name, "traceparent"),
        12 => Is(name, "content-type"),
        13 => Is(name, "last-event-id"),
        14 => Is(name, "content-length") || Is(name, "mcp-session-id"),
        15 => Is(name, "accept-encoding"),
        16 => Is(name, "content-encoding") || Is(name, "proxy-connection"),
        17 => Is(name, "transfer-encoding"),
        19 => Is(name, "proxy-authorization"),
        20 => Is(name, "mcp-protocol-version"),
        _ => name.Length > 0 && name[0] == ':',
    };

    private static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);

    // RFC 9110 7.6.1: the Connection header names further headers of this hop.
    private static bool Names(string connection, string name)
    {
        if (connection.Length <= "keep-alive".Length && !connection.Contains(name, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var part in connection.AsSpan().Split(','))
        {
            if (connection.AsSpan(part).Trim().Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static void Add(HttpRequestHeaders headers, string name, string? value)
    {
        if (value is { Length: > 0 })
        {
            headers.TryAddWithoutValidation(name, value);
        }
    }
}
