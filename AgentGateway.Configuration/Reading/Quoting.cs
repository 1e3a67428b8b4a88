using System.Text;

namespace AgentGateway.Configuration.Reading;

/// <summary>Shows values of a document inside one-line messages.</summary>
internal static class Quoting
{
    private const int Longest = 80;

    /// <summary>The text with an ellipsis for the user information <c>user:password@</c> of an address in it.</summary>
    public static string WithoutPassword(string text)
    {
        var end = text.LastIndexOf('@');
        var scheme = text.IndexOf("://", StringComparison.Ordinal);
        var start = scheme < 0 ? 0 : scheme + 3;
        return end > start && text.AsSpan(start, end - start).Contains(':') ? $"{text.AsSpan(0, start)}…{text.AsSpan(end)}" : text;
    }

    /// <summary>At most 80 characters, control characters escaped.</summary>
    public static string Shorten(string text)
    {
        var builder = new StringBuilder(Math.Min(text.Length, Longest) + 8);
        foreach (var c in text)
        {
            if (builder.Length >= Longest)
            {
                builder.Append('…');
                break;
            }

            _ = c switch
            {
                '\n' => builder.Append("\\n"),
                '\r' => builder.Append("\\r"),
                '\t' => builder.Append("\\t"),
                _ when char.IsControl(c) => builder.Append($"\\u{(int)c:x4}"),
                _ => builder.Append(c),
            };
        }

        return builder.ToString();
    }
}
