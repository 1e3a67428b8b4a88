namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Fields that concern one connection only (RFC 9110, 7.6.1) or that a transport writes itself; never copied from side to side.</summary>
internal static class HopByHop
{
    /// <summary>True when a request header is not to be copied.</summary>
    public static bool IsRequestHeader(string name) => name.Length switch
    {
        0 => true,
        2 => Is(name, "TE"),
        4 => Is(name, "Host"),
        6 => Is(name, "Expect"),
        7 => Is(name, "Upgrade") || Is(name, "Trailer"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length") || Is(name, "HTTP2-Settings"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    } || name[0] == ':' || IsProxy(name);

    /// <summary>True when a response header is not to be copied.</summary>
    public static bool IsResponseHeader(string name) => name.Length switch
    {
        0 => true,
        7 => Is(name, "Upgrade") || Is(name, "Trailer"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        14 => Is(name, "Content-Length"),
        17 => Is(name, "Transfer-Encoding"),
        _ => false,
    } || name[0] == ':' || IsProxy(name);

    /// <summary>True for the two headers that say where a body ends. Only who writes the message may write them.</summary>
    public static bool IsFraming(string name) => (name.Length == 14 && Is(name, "Content-Length")) || (name.Length == 17 && Is(name, "Transfer-Encoding"));

    /// <summary>True when a field may not stand among trailers (RFC 9110, 6.5.1: framing, routing, authentication, content format).</summary>
    public static bool IsForbiddenTrailer(string name) =>
        IsRequestHeader(name)
        || Is(name, "Authorization") || Is(name, "Cookie") || Is(name, "Set-Cookie") || Is(name, "WWW-Authenticate")
        || Is(name, "Content-Type") || Is(name, "Content-Encoding") || Is(name, "Content-Range") || Is(name, "Cache-Control") || Is(name, "Location");

    private static bool IsProxy(string name) => name.Length > 6 && name[5] == '-' && name.StartsWith("Proxy-", StringComparison.OrdinalIgnoreCase);

    private static bool Is(string name, string other) => ReferenceEquals(name, other) || name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
