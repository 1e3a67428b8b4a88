using System.Text;
using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Documents;

/// <summary>
/// Replaces <c>$NAME</c>, <c>${NAME}</c> and <c>${NAME:-default}</c> over the whole text, comments included, before it is parsed.
/// <c>$$</c> is a dollar sign; a dollar sign before anything else stays as it is; <c>~</c> as the very first character is the home folder.
/// </summary>
internal static class EnvironmentExpansion
{
    /// <summary>Longest text after expansion, in characters.</summary>
    public const int LongestText = 64 * 1024 * 1024;

    private const int MostErrors = 100;

    // Editors find their schema by this comment; its $schema is no variable.
    private const string EditorHeader = "yaml-language-server: $schema";

    public static SourceText Expand(string text, Func<string, string?> environment, List<ConfigurationProblem> errors)
    {
        var first = text.IndexOf('$', StringComparison.Ordinal);
        if (first < 0 && !text.StartsWith('~'))
        {
            return new SourceText(text, text, []);
        }

        var output = new StringBuilder(text.Length + 256);
        var replacements = new List<SourceText.Replacement>();
        var position = 0;
        if (text.StartsWith('~') && (text.Length == 1 || text[1] is '/' or '\n' or '\r') && environment("HOME") is { } home)
        {
            replacements.Add(new SourceText.Replacement(0, home.Length, 0, 1));
            output.Append(home);
            position = 1;
        }

        while (position < text.Length)
        {
            var dollar = text.IndexOf('$', position);
            if (dollar < 0)
            {
                break;
            }

            output.Append(text, position, dollar - position);
            position = dollar + Replace(text, dollar, environment, output, replacements, errors);
            if (output.Length > LongestText)
            {
                errors.Add(new ConfigurationProblem("", SourceText.Locate(text, dollar), $"the document is longer than {LongestText} characters after environment expansion"));
                break;
            }
        }

        output.Append(text, position, text.Length - position);
        return new SourceText(text, output.ToString(), replacements);
    }

    /// <summary>Handles the dollar sign at <paramref name="dollar"/> and returns the number of characters consumed.</summary>
    private static int Replace(
        string text, int dollar, Func<string, string?> environment, StringBuilder output, List<SourceText.Replacement> replacements, List<ConfigurationProblem> errors)
    {
        var next = dollar + 1 < text.Length ? text[dollar + 1] : '\0';
        if (next == '$')
        {
            replacements.Add(new SourceText.Replacement(output.Length, 1, dollar, 2, IsEscape: true));
            output.Append('$');
            return 2;
        }

        string name;
        string? fallback = null;
        int length;
        if (next == '{')
        {
            var close = text.IndexOf('}', dollar + 2);
            if (close < 0)
            {
                output.Append('$');
                return 1;
            }

            name = text[(dollar + 2)..close];
            length = close + 1 - dollar;
            var separator = name.IndexOf(":-", StringComparison.Ordinal);
            if (separator >= 0)
            {
                fallback = name[(separator + 2)..];
                name = name[..separator];
            }
        }
        else
        {
            var end = dollar + 1;
            while (end < text.Length && IsNameCharacter(text[end]))
            {
                end++;
            }

            name = text[(dollar + 1)..end];
            length = end - dollar;
            if (name.Length == 0 || IsEditorHeader(text, dollar, name))
            {
                output.Append('$');
                return 1;
            }
        }

        var value = environment(name) ?? fallback;
        if (value is null && errors.Count < MostErrors)
        {
            errors.Add(new ConfigurationProblem(
                "",
                SourceText.Locate(text, dollar),
                $"environment variable `{Reading.Quoting.Shorten(name)}` is not set; set it, give a default as `${{NAME:-default}}`, or write `$$` for a dollar sign (comments are expanded too)"));
        }

        value ??= text.Substring(dollar, length);

        replacements.Add(new SourceText.Replacement(output.Length, value.Length, dollar, length));
        output.Append(value);
        return length;
    }

    private static bool IsNameCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c == '_';

    private static bool IsEditorHeader(string text, int dollar, string name)
    {
        var start = dollar - (EditorHeader.Length - "$schema".Length);
        return name == "schema" && start >= 0 && string.CompareOrdinal(text, start, EditorHeader, 0, EditorHeader.Length) == 0;
    }
}
