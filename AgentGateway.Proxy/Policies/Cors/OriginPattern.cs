using System.Globalization;

namespace AgentGateway.Proxy.Policies.Cors;

/// <summary>An origin that is allowed: scheme and port must be equal, with default ports filled in; the host may hold <c>*</c> anywhere.</summary>
internal sealed class OriginPattern
{
    private readonly string _scheme = "";
    private readonly string _host;
    private readonly int _port;
    private readonly bool _isOrigin;

    public OriginPattern(string pattern)
    {
        _host = pattern;

        // Origins have no path; many write the slash of an address all the same.
        if (TryParse(pattern.AsSpan().TrimEnd('/'), out var scheme, out var host, out var port))
        {
            _isOrigin = true;
            _scheme = scheme.ToString();
            _host = host.ToString();
            _port = port;
        }
    }

    public bool Matches(string origin)
    {
        if (!_isOrigin)
        {
            // Such as `null`, which is no tuple origin.
            return string.Equals(_host, origin, StringComparison.OrdinalIgnoreCase);
        }

        return TryParse(origin, out var scheme, out var host, out var port)
            && port == _port
            && scheme.Equals(_scheme, StringComparison.OrdinalIgnoreCase)
            && MatchesHost(host, _host);
    }

    /// <summary>Splits <c>scheme://host[:port]</c>; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> origin, out ReadOnlySpan<char> scheme, out ReadOnlySpan<char> host, out int port)
    {
        scheme = default;
        host = default;
        port = 0;
        var separator = origin.IndexOf("://");
        if (separator <= 0)
        {
            return false;
        }

        scheme = origin[..separator];
        host = origin[(separator + 3)..];
        var colon = host.LastIndexOf(':');
        if (colon > host.LastIndexOf(']'))
        {
            if (!int.TryParse(host[(colon + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out port))
            {
                return false;
            }

            host = host[..colon];
        }
        else
        {
            port = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : scheme.Equals("http", StringComparison.OrdinalIgnoreCase) ? 80 : 0;
        }

        return !host.IsEmpty && host.IndexOfAny('/', '?', '#') < 0;
    }

    // Each star stands for any text. Greedy with one way back: linear in practice and without recursion.
    private static bool MatchesHost(ReadOnlySpan<char> host, ReadOnlySpan<char> pattern)
    {
        int h = 0, p = 0, star = -1, resume = 0;
        while (h < host.Length)
        {
            if (p < pattern.Length && pattern[p] == '*')
            {
                star = p++;
                resume = h;
            }
            else if (p < pattern.Length && char.ToLowerInvariant(pattern[p]) == char.ToLowerInvariant(host[h]))
            {
                p++;
                h++;
            }
            else if (star >= 0)
            {
                p = star + 1;
                h = ++resume;
            }
            else
            {
                return false;
            }
        }

        return pattern[p..].IndexOfAnyExcept('*') < 0;
    }
}
