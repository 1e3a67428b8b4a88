using System.Net;
using AgentGateway.Proxy.Backends.Http1;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// Refuses responses that could be read in two ways, which the runtime's client lets pass: it would take a length that is no number for none, ignore
/// one beside <c>chunked</c>, and hand on what another transfer coding made of the body (RFC 9112, 6.1 and 6.3; RFC 9113, 8.2.2).
/// </summary>
internal static class GeneralResponseHead
{
    /// <exception cref="Transport.UpstreamException">The response breaks the rules.</exception>
    public static void Check(HttpResponseMessage response)
    {
        if ((int)response.StatusCode is < 200 and not 101)
        {
            throw ResponseHeadParser.Broken("its status line is malformed");
        }

        var hasLength = response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths);
        if (hasLength && lengths.Count > 1)
        {
            throw ResponseHeadParser.Broken("it has more than one Content-Length");
        }

        if (hasLength && !IsLength(lengths.ToString()))
        {
            throw ResponseHeadParser.Broken("its Content-Length is no number");
        }

        if (!response.Headers.NonValidated.TryGetValues("Transfer-Encoding", out var codings))
        {
            return;
        }

        if (response.Version.Major >= 2 || codings.Count > 1 || !codings.ToString().Equals("chunked", StringComparison.OrdinalIgnoreCase))
        {
            throw ResponseHeadParser.Broken("its Transfer-Encoding is not just chunked");
        }

        if (hasLength)
        {
            throw ResponseHeadParser.Broken("it has both Content-Length and Transfer-Encoding");
        }

        if (response.Version == HttpVersion.Version10)
        {
            throw ResponseHeadParser.Broken("it is HTTP/1.0 with Transfer-Encoding");
        }
    }

    private static bool IsLength(ReadOnlySpan<char> value) => value.Length is > 0 and <= 18 && !value.ContainsAnyExceptInRange('0', '9');
}
