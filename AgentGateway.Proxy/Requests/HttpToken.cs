using System.Buffers;

namespace AgentGateway.Proxy.Requests;

/// <summary>What methods and field names are made of (RFC 9110, 5.6.2).</summary>
internal static class HttpToken
{
    private static readonly SearchValues<char> Characters =
        SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    /// <summary>True for a token of at least one character.</summary>
    public static bool IsValid(ReadOnlySpan<char> text) => text.Length > 0 && !text.ContainsAnyExcept(Characters);
}
