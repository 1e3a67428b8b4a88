using System.Text;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>
/// Writes Markdown front to back: collapses white space, puts the prefixes of open containers before each line, escapes, and stops at a
/// length. Nothing is written before the first character that needs it, so empty elements leave no trace.
/// </summary>
internal sealed class MarkdownWriter(int maxChars)
{
    /// <summary>How a link opens.</summary>
    internal const string LinkOpening = "[";

    private const string CutNote = "\n\n[Cut: the page is too long to convert whole.]";

    private readonly StringBuilder _output = new();
    private readonly List<LinePrefix> _prefixes = [];
    private readonly List<InlineMark> _marks = [];
    private bool _atLineStart = true;
    private bool _wantBlank;
    private bool _wantSpace;
    private bool _wantBreak;
    private int _lineStart;
    private int _lastCloseEnd = -1;
    private string _lastClosing = "";
    private int _linkDepth;

    /// <summary>Characters written.</summary>
    internal int Length => _output.Length;

    /// <summary>True once the length is reached; what follows is dropped.</summary>
    internal bool IsFull => _output.Length >= maxChars;

    /// <summary>What a block boundary becomes from here on.</summary>
    internal FlowMode Mode { get; set; }

    /// <summary>The Markdown so far.</summary>
    internal string Finish()
    {
        EndBlock(blank: false);
        var text = _output.ToString().TrimEnd();
        if (!IsFull)
            return text;
        var end = Math.Min(text.Length, maxChars);
        if (end > 0 && char.IsHighSurrogate(text[end - 1]))
            end--;
        return Mode == FlowMode.Cell ? text[..end] : text[..end] + CutNote;
    }

    /// <summary>Ends the paragraph, or what stands for that in this mode.</summary>
    /// <param name="blank">Separate the next block by a blank line.</param>
    internal void EndBlock(bool blank = true)
    {
        switch (Mode)
        {
            case FlowMode.OneLine:
                _wantSpace = true;
                return;
            case FlowMode.Cell:
                _wantBreak = true;
                return;
        }

        CloseWrittenMarks();
        EndLine();
        _wantBlank |= blank;
    }

    /// <summary>A line break; the second in a row ends the paragraph.</summary>
    internal void LineBreak()
    {
        if (Mode == FlowMode.OneLine)
            _wantSpace = true;
        else if (_wantBreak && Mode == FlowMode.Blocks)
            EndBlock();
        else if (!_atLineStart)
            _wantBreak = true;
    }

    /// <summary>Opens a container. On one line and in cells its prefix is left out.</summary>
    internal void PushPrefix(string first, string rest) =>
        _prefixes.Add(Mode == FlowMode.Blocks ? new LinePrefix(first, rest) : new LinePrefix("", ""));

    internal void PopPrefix() => _prefixes.RemoveAt(_prefixes.Count - 1);

    internal void OpenMark(string opening, string closing) => _marks.Add(new InlineMark(opening, closing));

    internal void CloseMark()
    {
        var mark = _marks[^1];
        _marks.RemoveAt(_marks.Count - 1);
        if (mark.Written)
            WriteClosing(mark);
    }

    internal void OpenLink(string target) => OpenTarget(LinkOpening, target);

    internal void OpenImage(string target) => OpenTarget("![", target);

    private void OpenTarget(string opening, string target)
    {
        OpenMark(opening, $"]({target})");
        _linkDepth++;
    }

    /// <summary>Closes the innermost link or image.</summary>
    internal void CloseTarget()
    {
        CloseMark();
        _linkDepth--;
    }

    /// <summary>True when a mark with this opening is open: emphasis does not nest in itself.</summary>
    internal bool IsOpen(string opening)
    {
        foreach (var mark in _marks)
        {
            if (mark.Opening == opening)
                return true;
        }

        return false;
    }

    /// <summary>Text of the document, white space collapsed and special characters escaped.</summary>
    internal void Text(ReadOnlySpan<char> text)
    {
        for (var i = 0; i < text.Length && !IsFull; i++)
        {
            var c = text[i];
            if (c is ' ' or '\t' or '\n' or '\r' or '\f')
            {
                _wantSpace = true;
                continue;
            }

            if (c < ' ' || c is '\u200B' or '\uFEFF' or '\u00AD')
                continue; // control and invisible characters

            BeginInline();
            var lineStart = _output.Length == _lineStart;
            var place = new MarkdownEscaper.Place(
                lineStart ? '\0' : _output[^1],
                i + 1 < text.Length ? text[i + 1] : '\0',
                lineStart && Mode != FlowMode.Cell,
                _linkDepth > 0,
                Mode == FlowMode.Cell);
            if (MarkdownEscaper.NeedsEscape(c, place)
                || (c is '.' or ')' && MarkdownEscaper.IsSpaceOrEdge(place.Next) && MarkdownEscaper.IsListNumber(_output, _lineStart)))
                _output.Append('\\');
            _output.Append(c == '\u00A0' ? ' ' : c);
        }
    }

    /// <summary>Ready-made inline Markdown.</summary>
    internal void Atom(ReadOnlySpan<char> markdown)
    {
        if (IsFull)
            return;
        BeginInline();
        _output.Append(markdown);
    }

    /// <summary>A block whose lines are written as they are, behind the prefixes.</summary>
    internal void Lines(IEnumerable<string> lines)
    {
        EndBlock();
        foreach (var line in lines)
        {
            if (IsFull)
                return;
            StartLine();
            _output.Append(line);
            if (line.Length == 0)
                TrimSpaces();
            EndLine();
        }

        EndBlock();
    }

    private void BeginInline()
    {
        if (_atLineStart)
        {
            StartLine();
        }
        else if (_wantBreak)
        {
            WriteBreak();
        }
        else if (_wantSpace)
        {
            _output.Append(' ');
        }

        _wantSpace = false;
        _wantBreak = false;
        foreach (var mark in _marks)
        {
            if (!mark.Written)
                WriteOpening(mark);
        }
    }

    private void WriteBreak()
    {
        if (Mode == FlowMode.Cell)
        {
            _output.Append("<br>");
            return;
        }

        _output.Append("  \n");
        _atLineStart = true;
        StartLine();
    }

    /// <summary>Two neighbouring spans of one kind become one: <c>**a****b**</c> would not parse.</summary>
    private void WriteOpening(InlineMark mark)
    {
        if (_lastCloseEnd == _output.Length && mark.Opening == mark.Closing && _lastClosing == mark.Closing)
            _output.Length -= mark.Closing.Length;
        else
            AppendOpening(mark.Opening);
        mark.Written = true;
    }

    private void AppendOpening(string opening)
    {
        if (opening == LinkOpening && _output.Length > _lineStart && _output[^1] == '!')
            _output.Insert(_output.Length - 1, '\\'); // text that would make the link an image
        _output.Append(opening);
    }

    private void WriteClosing(InlineMark mark)
    {
        _output.Append(mark.Closing);
        _lastCloseEnd = _output.Length;
        _lastClosing = mark.Closing;
    }

    /// <summary>A span ends with its paragraph; it opens again with the next character.</summary>
    private void CloseWrittenMarks()
    {
        for (var i = _marks.Count - 1; i >= 0; i--)
        {
            if (!_marks[i].Written)
                continue;
            WriteClosing(_marks[i]);
            _marks[i].Written = false;
        }

        _wantSpace = false;
        _wantBreak = false;
    }

    private void EndLine()
    {
        if (_atLineStart)
            return;
        _output.Append('\n');
        _atLineStart = true;
    }

    private void StartLine()
    {
        if (_wantBlank && _output.Length > 0)
        {
            foreach (var prefix in _prefixes)
            {
                if (prefix.Used)
                    _output.Append(prefix.Rest);
            }

            TrimSpaces();
            _output.Append('\n');
        }

        _wantBlank = false;
        foreach (var prefix in _prefixes)
        {
            _output.Append(prefix.Used ? prefix.Rest : prefix.First);
            prefix.Used = true;
        }

        _atLineStart = false;
        _lineStart = _output.Length;
        _wantSpace = false;
    }

    private void TrimSpaces()
    {
        while (_output.Length > 0 && _output[^1] == ' ')
            _output.Length--;
    }
}
