using System.Text;

namespace AgentGateway.Configuration.Reading;

/// <summary>Shows values of a document inside one-line messages.</summary>
internal static class Quoting
{
    private const int Longest = 80;

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
