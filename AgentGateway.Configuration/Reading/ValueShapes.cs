using System.Globalization;
using System.Net;
using System.Net.Security;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Reading;

/// <summary>Strings with rules of their own.</summary>
internal static class ValueShapes
{
    public static Shape<int> Status { get; } = Shapes.Int(100, 599, "503");

    public static Shape<string> Scheme { get; } = Shapes.TextWith("scheme", "https", static (text, place) => text is "http" or "https" ? null : "write http or https");

    /// <summary>A whole new path; a query in it stands before that of the request.</summary>
    public static Shape<string> RewritePath { get; } = Shapes.TextWith("path", "/v2", static (text, place) => CheckPath(text));

    /// <summary>What takes the place of a path prefix; the rest of the path follows it.</summary>
    public static Shape<string> RewritePrefix { get; } = Shapes.TextWith("path", "/v2", static (text, place) =>
        text.Length == 0 ? null : text.Contains('?') ? "a prefix has no query" : CheckPath(text));

    /// <summary>An origin, in which the host may have <c>*</c>.</summary>
    public static Shape<string> Origin { get; } = Shapes.TextWith("origin", "https://example.com", static (text, place) =>
    {
        return text is "*" || IsOrigin(text) ? null : "write scheme://host or scheme://host:port with a numeric port; `*` may stand in the host, or alone";
    });

    /// <summary>True for an origin, in which the host may have <c>*</c>, and for <c>null</c>.</summary>
    public static bool IsOrigin(string text) =>
        text == "null"
        || (Uri.TryCreate(text.Replace("*", "x", StringComparison.Ordinal), UriKind.Absolute, out var uri) && uri.PathAndQuery is "/" or "" && uri.UserInfo.Length == 0);

    /// <summary>Name of a protocol in a TLS handshake (RFC 7301, 3.1).</summary>
    public static Shape<string> ProtocolName { get; } = Shapes.TextWith("protocol name", "h2", static (text, _) =>
        text.Length is > 0 and < 256 && !text.AsSpan().ContainsAnyExceptInRange('!', '~') ? null : "write 1 to 255 visible ASCII characters");

    public static Shape<string> Url { get; } = Shapes.TextWith("URL", "https://example.com", static (text, place) =>
        IsHttpUrl(text) ? null : "write an absolute http or https URL");

    public static Shape<Secret> RedisUrl { get; } = Shapes.SecretWith("URL", "redis://localhost:6379", static (text, place) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "redis" or "rediss" && uri.Host.Length > 0
            ? null
            : "write redis://host:port, or rediss:// for TLS");

    public static Shape<Secret> DatabaseUrl { get; } = Shapes.SecretWith("database URL", "sqlite://data.db", static (text, place) =>
        text.StartsWith("sqlite:", StringComparison.Ordinal) || text.StartsWith("postgres://", StringComparison.Ordinal) || text.StartsWith("postgresql://", StringComparison.Ordinal)
            ? null
            : "write sqlite://path or postgresql://user:password@host/database");

    public static Shape<string> KeyHash { get; } = Shapes.TextWith("key hash", "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08", static (text, place) =>
        text.StartsWith("sha256:", StringComparison.Ordinal) && text.Length == 71 && !text.AsSpan(7).ContainsAnyExcept(CharacterSets.HexDigits)
            ? null
            : "keyHash must use the sha256:<hex> format");

    public static Shape<string> ServiceName { get; } = Shapes.TextWith("service name", "default/my-service", static (text, place) =>
        text.IndexOf('/', StringComparison.Ordinal) is var slash && slash > 0 && slash < text.Length - 1 ? null : "write namespace/host");

    public static Shape<Secret> HexKey { get; } = Shapes.SecretWith("key", "\"0011223344556677889900112233445566778899001122334455667788990011\"", static (text, place) =>
        text.Length == 64 && !text.AsSpan().ContainsAnyExcept(CharacterSets.HexDigits) ? null : "write 64 hexadecimal digits (32 bytes), such as the output of `openssl rand -hex 32`");

    public static Shape<string> ListenAddress { get; } = Shapes.TextWith("address", "localhost:15000", static (text, place) =>
        text == "off" || IsListenAddress(text) ? null : "write ip:port, localhost:port, unix:/path or off");

    public static Shape<string> AgentRuntimeArn { get; } = Shapes.TextWith(
        "ARN", "arn:aws:bedrock-agentcore:us-east-1:123456789012:runtime/my-agent", static (text, place) =>
        text.Split(':') is ["arn", _, "bedrock-agentcore", { Length: > 0 }, { Length: > 0 }, { Length: > 0 }]
            ? null
            : "write arn:aws:bedrock-agentcore:<region>:<account>:runtime/<name>");

    /// <summary>A price in US dollars for a million tokens: not negative, at most six decimals.</summary>
    public static Shape<string> Money { get; } = Shapes.TextWith("price", "\"2.5\"", static (text, place) =>
    {
        var point = text.IndexOf('.', StringComparison.Ordinal);
        return text.Length is > 0 and <= 24 && !text.AsSpan().ContainsAnyExcept(CharacterSets.DecimalNumber)
            && decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out _) && (point < 0 || text.Length - point - 1 <= 6)
            ? null
            : "write dollars for a million tokens as a string such as \"2.5\", with at most six decimals";
    });

    /// <summary>The name of a model that may have one <c>*</c> at its start or end.</summary>
    public static Shape<string> ModelPattern { get; } = Shapes.TextWith("model name", "gpt-*", static (text, place) =>
        text.Length == 0 ? "must not be empty"
        : text.AsSpan().Count('*') > 1 ? $"model name wildcard may only appear once: '{Quoting.Shorten(text)}'"
        : text.IndexOf('*', StringComparison.Ordinal) is > 0 and var star && star < text.Length - 1 ? $"model name wildcard must be either at the beginning or the end: '{Quoting.Shorten(text)}'"
        : null);

    /// <summary>A model that an API key may use: exact, or with one <c>*</c> at its start or end.</summary>
    public static Shape<string> AllowedModel { get; } = Shapes.TextWith("model", "gpt-*", static (text, place) =>
        text.Length == 0 ? "allowedModels cannot contain an empty model name"
        : text.AsSpan().Count('*') > 1 || (text.IndexOf('*', StringComparison.Ordinal) is > 0 and var star && star < text.Length - 1)
            ? "must contain at most one wildcard, at the beginning or end"
            : null);

    /// <summary>A kind of token by its URI (RFC 8693 section 3).</summary>
    public static Shape<string> TokenType { get; } = Shapes.TextWith("token type", "urn:ietf:params:oauth:token-type:access_token", static (text, place) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Fragment.Length == 0 && !text.StartsWith('/')
            ? null
            : "OAuth token type must be an absolute URI without a fragment, such as urn:ietf:params:oauth:token-type:jwt");

    /// <summary>A regular expression that is searched for.</summary>
    public static Shape<string> SearchPattern { get; } = Model.Traffic.TrafficShapes.Pattern;

    /// <summary>A TLS cipher suite; the value is its IANA name.</summary>
    public static Shape<string> CipherSuite { get; } = Shapes.TextWith("cipher suite", "TLS_AES_128_GCM_SHA256", static (text, place) =>
        Enum.TryParse<TlsCipherSuite>(CipherSuiteNames.ToIana(text), out _) ? null : "write the IANA name of a TLS cipher suite").As(CipherSuiteNames.ToIana);

    /// <summary>A protocol name for ALPN as a list of byte values.</summary>
    public static Shape<BodyText> AlpnProtocol { get; } = Shapes.List(Shapes.Int(0, 255, "104"), 1, 255).As(static values => new BodyText([.. values.Select(static v => (byte)v)]));

    /// <summary>True for an absolute http or https URL.</summary>
    public static bool IsHttpUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && (uri.Scheme == Uri.UriSchemeHttp || uri.Scheme == Uri.UriSchemeHttps) && uri.Host.Length > 0;

    /// <summary>True for an address that a server can listen on; port 0 asks for a free one.</summary>
    public static bool IsListenAddress(string text) =>
        TargetAddress.TryParse(text.EndsWith(":0", StringComparison.Ordinal) ? text + "1" : text, out var address)
        && (address.UnixPath is not null || address.Host.Equals("localhost", StringComparison.OrdinalIgnoreCase) || IPAddress.TryParse(address.Host, out _));

    // Without its slash it would become part of the host of a redirect, or of the method of a request.
    private static string? CheckPath(string text) =>
        text.AsSpan().IndexOfAny('\r', '\n', ' ') >= 0 ? "blanks and line breaks are not allowed"
        : !text.StartsWith('/') ? "a path starts with `/`"
        : text.Contains('#') ? "a path has no fragment; write `#` as %23"
        : null;
}
