namespace AgentGateway.Configuration.Documents;

/// <summary>A configuration text after environment expansion, which still knows where each character stood in the file.</summary>
internal sealed class SourceText
{
    private readonly List<Replacement> _replacements;
    private readonly string _original;
    private int[]? _expandedLines;
    private int[]? _originalLines;

    public SourceText(string original, string expanded, List<Replacement> replacements)
    {
        Text = expanded;
        _replacements = replacements;
        _original = original;
    }

    /// <summary>A part of the expanded text that stands for a part of the original one.</summary>
    /// <param name="Start">First character in the expanded text.</param>
    /// <param name="Length">Length in the expanded text.</param>
    /// <param name="OriginalStart">First character in the original text.</param>
    /// <param name="OriginalLength">Length in the original text.</param>
    /// <param name="IsEscape">True for <c>$$</c>, which hides nothing.</param>
    internal readonly record struct Replacement(int Start, int Length, int OriginalStart, int OriginalLength, bool IsEscape = false);

    private int[] ExpandedLines => _expandedLines ??= LineStarts(Text);

    private int[] OriginalLines => _originalLines ??= _replacements.Count == 0 ? ExpandedLines : LineStarts(_original);

    /// <summary>The expanded text.</summary>
    public string Text { get; }

    /// <summary>Place in the file of a place in the expanded text.</summary>
    public SourcePosition Locate(long line, long column)
    {
        if (_replacements.Count == 0)
        {
            return new SourcePosition((int)Math.Max(1, line), (int)Math.Max(1, column));
        }

        return LocateOriginal(OriginalLines, ToOriginal(Offset(line, column)));
    }

    /// <summary>Place in the file of a character of the expanded text.</summary>
    public SourcePosition Locate(int offset) => LocateOriginal(OriginalLines, _replacements.Count == 0 ? offset : ToOriginal(offset));

    /// <summary>True when some of the characters between two places came from the environment.</summary>
    public bool FromEnvironment(long startLine, long startColumn, long endLine, long endColumn)
    {
        if (_replacements.Count == 0)
        {
            return false;
        }

        return FromEnvironment(Offset(startLine, startColumn), Offset(endLine, endColumn));
    }

    /// <summary>Place in the file of a character of the expanded text.</summary>
    /// <param name="offset">The character.</param>
    /// <param name="line">Its line in the expanded text, from 1.</param>
    /// <param name="column">Its column there, from 1.</param>
    public SourcePosition Locate(int offset, int line, int column) =>
        _replacements.Count == 0 ? new SourcePosition(line, column) : LocateOriginal(OriginalLines, ToOriginal(offset));

    /// <summary>True when some of the characters of a part of the expanded text came from the environment.</summary>
    public bool FromEnvironment(int start, int end)
    {
        if (_replacements.Count == 0)
        {
            return false;
        }

        for (var index = FirstEndingAfter(start); index < _replacements.Count && _replacements[index].Start < Math.Max(end, start + 1); index++)
        {
            if (!_replacements[index].IsEscape)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Line and column of a character of a text that was not expanded.</summary>
    public static SourcePosition Locate(string text, int offset) => LocateOriginal(LineStarts(text), offset);

    private static SourcePosition LocateOriginal(int[] lineStarts, int offset)
    {
        var line = Array.BinarySearch(lineStarts, offset);
        if (line < 0)
        {
            line = ~line - 1;
        }

        return new SourcePosition(line + 1, offset - lineStarts[line] + 1);
    }

    private int Offset(long line, long column)
    {
        var index = (int)Math.Clamp(line - 1, 0, ExpandedLines.Length - 1);
        return (int)Math.Min(Text.Length, ExpandedLines[index] + Math.Max(0, column - 1));
    }

    private int ToOriginal(int offset)
    {
        var index = FirstEndingAfter(offset);
        if (index < _replacements.Count && _replacements[index].Start <= offset)
        {
            return _replacements[index].OriginalStart;
        }

        if (index == 0)
        {
            return offset;
        }

        var before = _replacements[index - 1];
        return before.OriginalStart + before.OriginalLength + (offset - before.Start - before.Length);
    }

    private int FirstEndingAfter(int offset)
    {
        var low = 0;
        var high = _replacements.Count;
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (_replacements[middle].Start + _replacements[middle].Length > offset)
            {
                high = middle;
            }
            else
            {
                low = middle + 1;
            }
        }

        return low;
    }

    private static int[] LineStarts(string text)
    {
        var starts = new List<int> { 0 };
        for (var i = 0; i < text.Length; i++)
        {
            if (text[i] == '\n' || (text[i] == '\r' && (i + 1 == text.Length || text[i + 1] != '\n')))
            {
                starts.Add(i + 1);
            }
        }

        return [.. starts];
    }
}
