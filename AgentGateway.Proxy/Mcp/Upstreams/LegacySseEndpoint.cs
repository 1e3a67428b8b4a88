namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>Where a server of the older HTTP transport takes messages: what its <c>endpoint</c> event says.</summary>
internal static class LegacySseEndpoint
{
    private const int MostCharacters = 8192;

    /// <summary>
    /// Resolves an absolute URL, an absolute or relative path, or only a query against the address of the event stream. Null when it is no address of
    /// the same server: messages carry the client's credentials, which must not go where the server's stream says (as official clients decide it too).
    /// </summary>
    /// <param name="stream">Address of the event stream.</param>
    /// <param name="host">The <c>Host</c> header under which the server was asked, when it is not that of the address.</param>
    /// <param name="text">Data of the event.</param>
    /// <returns>Path and query. The scheme does not count: messages go over connections to the configured server in any case.</returns>
    public static string? Resolve(Uri stream, string? host, string text)
    {
        text = text.Trim();
        if (text.Length is 0 or > MostCharacters || !Uri.TryCreate(stream, text, out var uri) || (uri.Scheme != Uri.UriSchemeHttp && uri.Scheme != Uri.UriSchemeHttps))
        {
            return null;
        }

        var isSame = uri.Authority.Equals(stream.Authority, StringComparison.OrdinalIgnoreCase) || (host is not null && uri.Authority.Equals(host, StringComparison.OrdinalIgnoreCase));
        return isSame && uri.UserInfo.Length == 0 ? uri.PathAndQuery : null;
    }
}
