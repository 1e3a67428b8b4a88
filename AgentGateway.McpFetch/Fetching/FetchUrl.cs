using System.Diagnostics.CodeAnalysis;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>What counts as an address the tool may fetch, for the argument and for every redirect.</summary>
internal static class FetchUrl
{
    /// <summary>Characters a URL may have: what servers and browsers commonly accept.</summary>
    internal const int MaxLength = 8192;

    private const int MaxShownLength = 300;

    internal static bool TryParse(string text, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? reason)
    {
        url = null;
        if (text.Length > MaxLength)
        {
            reason = $"the URL has {text.Length} characters; the limit is {MaxLength}";
            return false;
        }

        if (!Uri.TryCreate(text.Trim(), UriKind.Absolute, out var parsed) || parsed.IsFile && !text.Contains("://", StringComparison.Ordinal))
        {
            reason = $"'{Shorten(text)}' is not an absolute URL such as https://example.com/page";
            return false;
        }

        return TryAccept(parsed, out url, out reason);
    }

    /// <summary>Checks a URL that parsed: scheme, host, credentials, length.</summary>
    internal static bool TryAccept(Uri parsed, [NotNullWhen(true)] out Uri? url, [NotNullWhen(false)] out string? reason)
    {
        url = null;
        reason = null;
        if (parsed.Scheme != Uri.UriSchemeHttp && parsed.Scheme != Uri.UriSchemeHttps)
            reason = $"the scheme '{Shorten(parsed.Scheme)}' is not supported, only http and https are";
        else if (parsed.UserInfo.Length > 0)
            reason = "a URL with a user name or password is refused"; // and not shown: it holds a secret
        else if (parsed.Host.Length == 0 || parsed.Port == 0)
            reason = $"'{Shorten(parsed.OriginalString)}' names no host or port that can be connected to";
        else if (parsed.AbsoluteUri.Length > MaxLength)
            reason = $"the URL has {parsed.AbsoluteUri.Length} characters; the limit is {MaxLength}";
        else
            url = parsed;
        return url is not null;
    }

    /// <summary>A URL as messages show it: no credentials, no fragment, bounded.</summary>
    internal static string Display(Uri url) => Shorten(url.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped));

    private static string Shorten(string text)
    {
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var at = scheme < 0 ? -1 : text.IndexOf('@', scheme);
        var shown = at < 0 ? text : string.Concat(text.AsSpan(0, scheme + 3), "...", text.AsSpan(at));
        return shown.Length <= MaxShownLength ? shown : shown[..MaxShownLength] + "...";
    }
}
