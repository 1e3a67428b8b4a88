using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Single cookies of a <c>Cookie</c> header, without touching the others.</summary>
internal static class CookieText
{
    /// <summary>The value of the first cookie of that name, or empty.</summary>
    public static ReadOnlySpan<char> Find(StringValues cookies, string name)
    {
        foreach (var line in cookies)
        {
            var rest = line.AsSpan();
            while (TryNext(ref rest, out var key, out var value, out _))
            {
                if (key.SequenceEqual(name))
                {
                    return value;
                }
            }
        }

        return default;
    }

    /// <summary>Names of the cookies that begin with a prefix, in the order of the request; null without any.</summary>
    public static List<string>? NamesWithPrefix(StringValues cookies, string prefix)
    {
        List<string>? names = null;
        foreach (var line in cookies)
        {
            var rest = line.AsSpan();
            while (TryNext(ref rest, out var key, out _, out _))
            {
                if (key.StartsWith(prefix, StringComparison.Ordinal))
                {
                    (names ??= []).Add(key.ToString());
                }
            }
        }

        return names;
    }

    /// <summary>Removes cookies of a name.</summary>
    public static void Remove(IHeaderDictionary headers, string name) => RemoveWhere(headers, name, prefix: false);

    /// <summary>Removes cookies whose name begins with a prefix.</summary>
    public static void RemovePrefixed(IHeaderDictionary headers, string prefix) => RemoveWhere(headers, prefix, prefix: true);

    /// <summary>Sets one cookie.</summary>
    public static void Set(IHeaderDictionary headers, string name, string value)
    {
        Remove(headers, name);
        var pair = name + "=" + value;
        headers.Cookie = headers.Cookie.Count == 0 ? pair : string.Join("; ", (string?[])headers.Cookie!) + "; " + pair;
    }

    private static void RemoveWhere(IHeaderDictionary headers, string name, bool prefix)
    {
        var cookies = headers.Cookie;
        if (!Mentions(cookies, name, prefix))
        {
            return;
        }

        var kept = new StringBuilder();
        foreach (var line in cookies)
        {
            var rest = line.AsSpan();
            while (TryNext(ref rest, out var key, out _, out var pair))
            {
                if (!(prefix ? key.StartsWith(name, StringComparison.Ordinal) : key.SequenceEqual(name)))
                {
                    kept.Append(kept.Length == 0 ? "" : "; ").Append(pair);
                }
            }
        }

        if (kept.Length == 0)
        {
            headers.Remove("Cookie");
        }
        else
        {
            headers.Cookie = kept.ToString();
        }
    }

    private static bool Mentions(StringValues cookies, string name, bool prefix)
    {
        foreach (var line in cookies)
        {
            var rest = line.AsSpan();
            while (TryNext(ref rest, out var key, out _, out _))
            {
                if (prefix ? key.StartsWith(name, StringComparison.Ordinal) : key.SequenceEqual(name))
                {
                    return true;
                }
            }
        }

        return false;
    }

    private static bool TryNext(scoped ref ReadOnlySpan<char> rest, out ReadOnlySpan<char> key, out ReadOnlySpan<char> value, out ReadOnlySpan<char> pair)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.IndexOf(';');
            pair = (end < 0 ? rest : rest[..end]).Trim(' ');
            rest = end < 0 ? default : rest[(end + 1)..];
            if (!pair.IsEmpty)
            {
                var equals = pair.IndexOf('=');
                key = equals < 0 ? default : pair[..equals].TrimEnd(' ');
                value = equals < 0 ? pair : pair[(equals + 1)..].TrimStart(' ');
                return true;
            }
        }

        key = value = pair = default;
        return false;
    }
}
