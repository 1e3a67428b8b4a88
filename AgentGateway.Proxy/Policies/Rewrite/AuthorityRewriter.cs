using System.Globalization;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.Rewrite;

/// <summary>Gives a request or a redirect its new authority.</summary>
internal sealed class AuthorityRewriter(AuthorityRewrite settings)
{
    /// <summary>The new authority. A port that the scheme implies is left out when host or port change.</summary>
    /// <param name="authority">Authority of the request.</param>
    /// <param name="requestScheme">Scheme of the request.</param>
    /// <param name="scheme">Scheme that the result goes with.</param>
    public string Rewrite(string authority, string requestScheme, string scheme) => settings.Kind switch
    {
        AuthorityRewriteKind.Full => settings.Value,
        AuthorityRewriteKind.Host => Join(settings.Value, PortOf(authority), requestScheme, scheme),
        AuthorityRewriteKind.Port => Join(HostOf(authority).ToString(), settings.Port, scheme, scheme),
        _ => authority,
    };

    /// <summary>The authority without a port that either scheme implies: what a redirect to another scheme keeps.</summary>
    public static string WithoutDefaultPort(string authority, string requestScheme, string scheme) =>
        PortOf(authority) is { } port && (port == DefaultPort(requestScheme) || port == DefaultPort(scheme)) ? HostOf(authority).ToString() : authority;

    private static string Join(string host, int? port, string requestScheme, string scheme) =>
        port is { } number && number != DefaultPort(requestScheme) && number != DefaultPort(scheme)
            ? string.Create(CultureInfo.InvariantCulture, $"{host}:{number}")
            : host;

    private static int DefaultPort(string scheme) => scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80;

    private static ReadOnlySpan<char> HostOf(string authority)
    {
        var colon = PortColon(authority);
        return colon < 0 ? authority : authority.AsSpan(0, colon);
    }

    private static int? PortOf(string authority)
    {
        var colon = PortColon(authority);
        return colon >= 0 && int.TryParse(authority.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    private static int PortColon(string authority)
    {
        var colon = authority.LastIndexOf(':');
        return colon > authority.LastIndexOf(']') ? colon : -1;
    }
}
