using AgentGateway.Configuration.Model.Traffic;

namespace AgentGateway.Configuration.Reading;

/// <summary>Parts of HTTP messages.</summary>
internal static class HeaderShapes
{
    public static Shape<string> Name { get; } = TrafficShapes.HeaderName;

    /// <summary>A header value that cannot break out of its line: no control characters but tab (RFC 9110, 5.5).</summary>
    public static Shape<string> Value { get; } = Shapes.TextWith("header value", "agentgateway", static (text, _) =>
        text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? "line breaks are not allowed"
        : HasControls(text) ? "control characters are not allowed"
        : null);

    public static Shape<string> Token { get; } = Shapes.TextWith("token", "session", static (text, _) =>
        TrafficShapes.IsToken(text) ? null : "only letters, digits and the signs of an HTTP token are allowed");

    public static Shape<string> Authority { get; } = Shapes.TextWith("authority", "example.com", static (text, _) =>
        IsAuthority(text) ? null : "write a host name, with a port where it is allowed");

    /// <summary>The host of an authority.</summary>
    public static Shape<string> Host { get; } = Shapes.TextWith("host", "example.com", static (text, _) =>
        !IsAuthority(text) ? "write a host name" : text.LastIndexOf(':') > text.LastIndexOf(']') ? "a host has no port; write both under `full`" : null);

    /// <summary>True for a host with an optional port.</summary>
    public static bool IsAuthority(string text) => text.Length is > 0 and <= 255 && !text.AsSpan().ContainsAnyExcept(CharacterSets.HostPattern);

    /// <summary>True for a value with a control character other than tab.</summary>
    public static bool HasControls(string text)
    {
        foreach (var c in text)
        {
            if (c is (< ' ' and not '\t') or '\u007f')
            {
                return true;
            }
        }

        return false;
    }
}
