using System.Text;

namespace AgentGateway.Configuration;

/// <summary>
/// Regular expressions of routes are written in the syntax of RE2 and of Rust's <c>regex</c> crate, which differs from that of .NET in what is rewritten here:
/// groups named <c>(?P&lt;name&gt;...)</c>, and POSIX classes such as <c>[[:alpha:]]</c>, which .NET would read as a list of characters.
/// </summary>
public static class RoutePattern
{
    private static readonly (string Name, string Characters)[] Classes =
    [
        ("alnum", "0-9A-Za-z"), ("alpha", "A-Za-z"), ("ascii", "\\x00-\\x7F"), ("blank", "\\t "), ("cntrl", "\\x00-\\x1F\\x7F"), ("digit", "0-9"),
        ("graph", "!-~"), ("lower", "a-z"), ("print", " -~"), ("punct", "!-/:-@\\[-`{-~"), ("space", "\\t\\n\\v\\f\\r "), ("upper", "A-Z"),
        ("word", "0-9A-Za-z_"), ("xdigit", "0-9A-Fa-f"),
    ];

    /// <summary>The pattern in the syntax of .NET: most are the same, and then the same string.</summary>
    /// <param name="pattern">Pattern as configured.</param>
    /// <exception cref="FormatException">A POSIX class is not known, or is a negated one.</exception>
    public static string ToDotNet(string pattern)
    {
        if (!pattern.Contains("(?P<", StringComparison.Ordinal) && !pattern.Contains("[:", StringComparison.Ordinal))
        {
            return pattern;
        }

        var text = new StringBuilder(pattern.Length + 16);
        var inClass = false;
        for (var i = 0; i < pattern.Length; i++)
        {
            var rest = pattern.AsSpan(i);
            if (rest[0] == '\\' && rest.Length > 1)
            {
                text.Append(rest[..2]);
                i++;
            }
            else if (inClass && rest.StartsWith("[:") && rest[2..].IndexOf(":]") is >= 0 and var length)
            {
                text.Append(CharactersOf(rest.Slice(2, length)));
                i += length + 3;
            }
            else if (!inClass && rest.StartsWith("(?P<"))
            {
                text.Append("(?<");
                i += 3;
            }
            else
            {
                text.Append(rest[0]);
                if (!inClass && rest[0] == '[')
                {
                    inClass = true;

                    // A bracket right after the beginning stands for itself.
                    var start = rest.StartsWith("[^") ? 2 : 1;
                    var taken = rest.Length > start && rest[start] == ']' ? start + 1 : start;
                    text.Append(rest[1..taken]);
                    i += taken - 1;
                }
                else if (rest[0] == ']')
                {
                    inClass = false;
                }
            }
        }

        return text.ToString();
    }

    private static string CharactersOf(ReadOnlySpan<char> name)
    {
        foreach (var (known, characters) in Classes)
        {
            if (name.SequenceEqual(known))
            {
                return characters;
            }
        }

        throw new FormatException($"the class [:{name}:] is not supported; write its characters, such as [a-z]");
    }
}
