using System.Text;

namespace AgentGateway.Proxy.Policies.Credentials;

/// <summary>Single parameters of a query, without touching the others: their spelling on the wire stays as the client chose it.</summary>
internal static class QueryText
{
    /// <summary>The decoded value of the first parameter of that name, or empty.</summary>
    public static ReadOnlySpan<char> Find(string target, string name)
    {
        var start = target.IndexOf('?') + 1;
        while (start > 0 && start < target.Length)
        {
            var end = EndOf(target, start);
            var pair = target.AsSpan(start, end - start);
            if (IsNamed(pair, name))
            {
                var equals = pair.IndexOf('=');
                return equals < 0 ? default : Decode(pair[(equals + 1)..]);
            }

            start = end + 1;
        }

        return default;
    }

    /// <summary>The target without any parameter of that name.</summary>
    public static string Remove(string target, string name)
    {
        var start = target.IndexOf('?') + 1;
        if (start == 0)
        {
            return target;
        }

        StringBuilder? kept = null;
        var position = start;
        while (position < target.Length)
        {
            var end = EndOf(target, position);
            var pair = target.AsSpan(position, end - position);
            if (IsNamed(pair, name))
            {
                kept ??= new StringBuilder(target, 0, position, target.Length);
            }
            else if (kept is not null)
            {
                kept.Append(pair);
                if (end < target.Length)
                {
                    kept.Append('&');
                }
            }

            position = end + 1;
        }

        return kept is null ? target : kept.ToString().TrimEnd('&').TrimEnd('?');
    }

    /// <summary>The target with one parameter of that name.</summary>
    public static string Set(string target, string name, string value)
    {
        var rest = Remove(target, name);
        return string.Concat(rest, rest.Contains('?') ? "&" : "?", Uri.EscapeDataString(name) + "=" + Uri.EscapeDataString(value));
    }

    private static int EndOf(string target, int start)
    {
        var end = target.IndexOf('&', start);
        return end < 0 ? target.Length : end;
    }

    private static bool IsNamed(ReadOnlySpan<char> pair, string name)
    {
        var equals = pair.IndexOf('=');
        var key = equals < 0 ? pair : pair[..equals];
        return key.SequenceEqual(name) || (key.IndexOfAny('%', '+') >= 0 && Decode(key).SequenceEqual(name));
    }

    private static ReadOnlySpan<char> Decode(ReadOnlySpan<char> text) =>
        text.IndexOfAny('%', '+') < 0 ? text : Uri.UnescapeDataString(text.ToString().Replace('+', ' '));
}
