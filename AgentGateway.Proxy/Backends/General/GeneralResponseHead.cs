using AgentGateway.Proxy.Backends.Http1;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>
/// Refuses responses of HTTP/2 that could be read in two ways, which the runtime's client lets pass: it would take a length that is no number for none, and hand on
/// a field of framing that HTTP/2 does not have (RFC 9113, 8.1.1 and 8.2.2).
/// </summary>
internal static class GeneralResponseHead
{
    /// <exception cref="Transport.UpstreamException">The response breaks the rules.</exception>
    public static void Check(HttpResponseMessage response)
    {
        if (response.Content.Headers.NonValidated.TryGetValues("Content-Length", out var lengths))
        {
            if (lengths.Count > 1)
            {
                throw ResponseHeadParser.Broken("it has more than one Content-Length");
            }

            if (!IsLength(lengths.ToString()))
            {
                throw ResponseHeadParser.Broken("its Content-Length is no number");
            }
        }

        if (response.Headers.NonValidated.Contains("Transfer-Encoding"))
        {
            throw ResponseHeadParser.Broken("it has Transfer-Encoding, which HTTP/2 does not know");
        }
    }

    private static bool IsLength(ReadOnlySpan<char> value) => value.Length is > 0 and <= 18 && !value.ContainsAnyExceptInRange('0', '9');
}
