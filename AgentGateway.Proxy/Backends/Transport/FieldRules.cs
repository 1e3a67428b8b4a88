using System.Buffers;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>What no request line and no field may hold, whoever wrote it (RFC 9110, 5.5; RFC 9112, 3.2).</summary>
internal static class FieldRules
{
    private static readonly SearchValues<byte> ForbiddenBytes = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private static readonly SearchValues<char> ForbiddenChars = SearchValues.Create(
        "\0\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\n\u000b\u000c\r\u000e\u000f\u0010\u0011\u0012\u0013\u0014\u0015\u0016\u0017\u0018\u0019\u001a\u001b\u001c\u001d\u001e\u001f\u007f");

    /// <summary>True when a field value holds a control character other than a tab.</summary>
    public static bool IsForbidden(ReadOnlySpan<byte> value) => value.ContainsAny(ForbiddenBytes);

    /// <inheritdoc cref="IsForbidden(ReadOnlySpan{byte})"/>
    public static bool IsForbidden(ReadOnlySpan<char> value) => value.ContainsAny(ForbiddenChars);

    /// <summary>True when a request target is empty or would end before its end.</summary>
    public static bool IsMalformedTarget(ReadOnlySpan<char> target) => target.IsEmpty || target.ContainsAnyInRange('\0', ' ') || target.Contains('\u007f');

    public static UpstreamException MalformedName() => new(UpstreamFailure.ClientField, "a header name is malformed");

    public static UpstreamException MalformedValue(string name, string value) => Refused(value, $"the value of header {name} holds a control character");

    public static UpstreamException MalformedTarget(string target) => Refused(target, "the request target is malformed");

    // The server takes no line ends and no NUL from clients: a policy has put them there. Other control characters came from the client.
    private static UpstreamException Refused(string text, string why) =>
        new(text.AsSpan().IndexOfAny('\r', '\n', '\0') >= 0 ? UpstreamFailure.InvalidRequest : UpstreamFailure.ClientField, why);
}
