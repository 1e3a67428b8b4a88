using System.Globalization;

namespace AgentGateway.Cel;

/// <summary>An error or a warning about a place in an expression.</summary>
public sealed class CelDiagnostic
{
    internal CelDiagnostic(CelDiagnosticSeverity severity, string message, string source, int offset, string? suggestion = null)
    {
        Severity = severity;
        Message = message;
        Suggestion = suggestion;
        offset = Math.Clamp(offset, 0, source.Length);
        Offset = offset;
        var start = offset == 0 ? 0 : source.LastIndexOf('\n', offset - 1) + 1;
        var end = source.IndexOf('\n', offset);
        Line = 1;
        for (var i = 0; i < start; i++)
        {
            if (source[i] == '\n')
                Line++;
        }

        Column = Values.CodePoints.Count(source.AsSpan(start, offset - start)) + 1;
        SourceLine = source[start..(end < 0 ? source.Length : end)].TrimEnd('\r').Replace('\t', ' ');
    }

    /// <summary>Whether the expression can still be evaluated.</summary>
    public CelDiagnosticSeverity Severity { get; }

    /// <summary>What is wrong, and the remedy where there is one.</summary>
    public string Message { get; }

    /// <summary>The name that was probably meant, when there is one.</summary>
    public string? Suggestion { get; }

    /// <summary>Line, from one.</summary>
    public int Line { get; }

    /// <summary>Column in code points, from one.</summary>
    public int Column { get; }

    /// <summary>Place in the source, in UTF-16 units from zero.</summary>
    public int Offset { get; }

    /// <summary>The offending line.</summary>
    public string SourceLine { get; }

    /// <summary>Message with line and column, then the offending line and a caret under the place.</summary>
    public override string ToString()
    {
        // Long lines are cut around the place, so that the caret stays on the screen.
        const int Before = 60;
        const int Width = 120;
        var line = SourceLine;
        var column = Math.Min(Column - 1, line.Length);
        var cut = "";
        if (column > Before && line.Length > Width)
        {
            line = line[(column - Before)..];
            column = Before;
            cut = "...";
        }

        if (line.Length > Width)
            line = string.Concat(line.AsSpan(0, Width), "...");
        return string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Message}\n | {cut}{line}\n | {new string('.', column + cut.Length)}^");
    }
}
