using System.Collections.Immutable;
using System.Text;
using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Reads paths with parameters in braces.</summary>
internal static class PathTemplate
{
    /// <summary>Splits a path of the document, with the prefix of the server before it.</summary>
    /// <exception cref="OpenApiProblemException">It is no path.</exception>
    public static ImmutableArray<OpenApiPathPart> Read(string prefix, string template, ConfigPath path, SourcePosition position)
    {
        if (!template.StartsWith('/'))
        {
            throw new OpenApiProblemException(path, position, "a path begins with `/`");
        }

        if (template.AsSpan().IndexOfAny('?', '#') >= 0)
        {
            throw new OpenApiProblemException(path, position, "a path has no query and no fragment; declare query parameters instead");
        }

        if (Array.Exists(template.Split('/'), static part => part is "." or ".."))
        {
            throw new OpenApiProblemException(path, position, "the path has parts `.` or `..`; write where it leads");
        }

        if (prefix.Length + template.Length > OpenApiLimits.PathCharacters)
        {
            throw new OpenApiProblemException(path, position, $"the path is longer than {OpenApiLimits.PathCharacters} characters");
        }

        var parts = ImmutableArray.CreateBuilder<OpenApiPathPart>();
        var literal = new StringBuilder(prefix);
        for (var i = 0; i < template.Length;)
        {
            if (template[i] != '{')
            {
                var end = template.IndexOf('{', i);
                literal.Append(Escape(template[i..(end < 0 ? template.Length : end)]));
                i = end < 0 ? template.Length : end;
                continue;
            }

            var close = template.IndexOf('}', i);
            var name = close < 0 ? "" : template[(i + 1)..close];
            if (name.Length == 0 || name.Contains('{', StringComparison.Ordinal))
            {
                throw new OpenApiProblemException(path, position, "the braces of the path do not enclose the name of a parameter; write `{name}`");
            }

            if (literal.Length > 0)
            {
                parts.Add(new OpenApiPathPart(literal.ToString(), false));
                literal.Clear();
            }

            parts.Add(new OpenApiPathPart(name, true));
            i = close + 1;
        }

        if (literal.Length > 0)
        {
            parts.Add(new OpenApiPathPart(literal.ToString(), false));
        }

        return parts.ToImmutable();
    }

    /// <summary>Escapes what may not stand in a path as it is; what is escaped already stays.</summary>
    public static string Escape(string text)
    {
        var builder = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            var c = text[i];
            if (char.IsAsciiLetterOrDigit(c) || "-._~!$&'()*+,;=:@/".Contains(c, StringComparison.Ordinal)
                || (c == '%' && i + 2 < text.Length && char.IsAsciiHexDigit(text[i + 1]) && char.IsAsciiHexDigit(text[i + 2])))
            {
                builder.Append(c);
            }
            else if (char.IsHighSurrogate(c) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                builder.Append(Uri.EscapeDataString(text.AsSpan(i++, 2)));
            }
            else
            {
                builder.Append(Uri.EscapeDataString(c.ToString()));
            }
        }

        return builder.ToString();
    }
}
