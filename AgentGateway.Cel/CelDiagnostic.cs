using System.Globalization;
using System.Text;

namespace AgentGateway.Cel;

/// <summary>An error or a warning about a place in an expression.</summary>
public sealed class CelDiagnostic
{
    private readonly int _place;

    internal CelDiagnostic(CelDiagnosticSeverity severity, string message, string source, int offset, string? suggestion = null)
    {
        Severity = severity;
        Message = Visible(message);
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
        SourceLine = Visible(source[start..(end < 0 ? source.Length : end)].TrimEnd('\r'));
        _place = Math.Min(offset - start, SourceLine.Length);
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

    /// <summary>The offending line, with blanks for tabs and other control characters.</summary>
    public string SourceLine { get; }

    /// <summary>Message with line and column, then the offending line and a caret under the place.</summary>
    public override string ToString()
    {
        // Long lines are cut around the place, so that the caret stays on the screen.
        const int Before = 60;
        const int Width = 120;
        var line = SourceLine;
        var place = _place;
        var cut = "";
        if (place > Before && line.Length > Width)
        {
            var from = place - Before;
            if (char.IsLowSurrogate(line[from]))
                from++;
            line = line[from..];
            place -= from;
            cut = "...";
        }

        var column = cut.Length + Cells(line.AsSpan(0, place));
        if (line.Length > Width)
            line = string.Concat(line.AsSpan(0, char.IsHighSurrogate(line[Width - 1]) ? Width - 1 : Width), "...");
        return string.Create(CultureInfo.InvariantCulture, $"{Line}:{Column}: {Message}\n | {cut}{line}\n | {new string('.', column)}^");
    }

    /// <summary>Control characters of a hostile source do not reach a terminal.</summary>
    private static string Visible(string text) => text.Any(char.IsControl) ? string.Create(text.Length, text, static (span, from) =>
    {
        for (var i = 0; i < span.Length; i++)
            span[i] = char.IsControl(from[i]) ? ' ' : from[i];
    }) : text;

    /// <summary>The width of text on a screen with letters of equal width: East Asian ones and pictures take two cells, combining marks none.</summary>
    private static int Cells(ReadOnlySpan<char> text)
    {
        var cells = 0;
        foreach (var rune in text.EnumerateRunes())
        {
            if (Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Format))
                cells += IsWide(rune.Value) ? 2 : 1;
        }

        return cells;
    }

    private static bool IsWide(int rune) => rune is (>= 0x1100 and <= 0x115F) or (>= 0x2E80 and <= 0x303E) or (>= 0x3041 and <= 0xA4CF) or (>= 0xAC00 and <= 0xD7A3)
        or (>= 0xF900 and <= 0xFAFF) or (>= 0xFE30 and <= 0xFE6F) or (>= 0xFF00 and <= 0xFF60) or (>= 0xFFE0 and <= 0xFFE6)
        or (>= 0x1F300 and <= 0x1F64F) or (>= 0x1F680 and <= 0x1F6FF) or (>= 0x1F900 and <= 0x1FAFF) or (>= 0x20000 and <= 0x3FFFD);
}
