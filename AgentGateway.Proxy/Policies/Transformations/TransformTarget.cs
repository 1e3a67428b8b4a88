using System.Buffers;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Policies.Transformations;

/// <summary>The message that a transformation changes: a request on its way in, an attempt at a backend, or a response.</summary>
internal abstract class TransformTarget
{
    private static readonly SearchValues<char> AuthorityCharacters =
        SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-._~!$&'()*+,;=:[]%");

    public abstract IHeaderDictionary Headers { get; }

    /// <summary>Changes a pseudo header; one that the message does not have is ignored. Returns what is wrong with the value, or null.</summary>
    public abstract string? SetPseudo(string name, string value);

    /// <summary>True for the header that is the authority of a request.</summary>
    public static bool IsAddressee(string name) => name.Equals("Host", StringComparison.OrdinalIgnoreCase);

    /// <summary>True for headers that describe the framing of the body or the addressee: <c>replace</c> leaves them alone.</summary>
    public static bool IsFraming(string name) =>
        IsAddressee(name)
        || name.Equals("Content-Length", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Transfer-Encoding", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Connection", StringComparison.OrdinalIgnoreCase)
        || name.Equals("Upgrade", StringComparison.OrdinalIgnoreCase);

    internal static string? CheckMethod(string value) =>
        value.Length <= 64 && HttpToken.IsValid(value) ? null : ":method is no HTTP method";

    internal static string? CheckPath(string value) =>
        value.StartsWith('/') && !value.Contains('#') && !value.AsSpan().ContainsAnyExceptInRange('!', '~')
            ? null
            : ":path is no request target: it starts with a slash and holds visible ASCII only, without #";

    internal static string? CheckAuthority(string value) =>
        value.Length is > 0 and <= 320 && !value.AsSpan().ContainsAnyExcept(AuthorityCharacters)
            ? null
            : ":authority is no host with an optional port";
}
