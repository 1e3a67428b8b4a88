using AngleSharp.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>Walks a document and writes what each element means. Recursion is bounded by the parser's depth limit.</summary>
internal sealed class ElementConverter(MarkdownWriter writer, LinkResolver links, bool keepChrome)
{
    private readonly MarkdownWriter _writer = writer;
    private int _listDepth;

    internal void Children(INode parent)
    {
        foreach (var child in parent.ChildNodes)
        {
            if (_writer.IsFull)
                return;
            switch (child)
            {
                case IText text:
                    _writer.Text(text.Data);
                    break;
                case IElement element when !HtmlElements.IsDropped(element) && (keepChrome || !HtmlElements.IsChrome(element)):
                    Element(element);
                    break;
            }
        }
    }

    /// <summary>A heading made of plain text.</summary>
    internal void Heading(int level, string text) => OneLine(level, () => _writer.Text(text));

    private void Element(IElement element)
    {
        switch (element.LocalName)
        {
            case "h1" or "h2" or "h3" or "h4" or "h5" or "h6":
                OneLine(element.LocalName[1] - '0', () => Children(element));
                break;
            case "br":
                _writer.LineBreak();
                break;
            case "wbr":
                break;
            case "hr":
                if (_writer.Mode == FlowMode.Blocks)
                    _writer.Lines(["---"]);
                break;
            case "strong" or "b":
                Marked(element, "**");
                break;
            case "em" or "i" or "cite" or "dfn" or "var":
                Marked(element, "*");
                break;
            case "del" or "s" or "strike":
                Marked(element, "~~");
                break;
            case "q":
                _writer.Text("\u201C");
                Children(element);
                _writer.Text("\u201D");
                break;
            case "code" or "kbd" or "samp" or "tt":
                Code(element);
                break;
            case "pre" or "listing" or "xmp" or "plaintext":
                Preformatted(element);
                break;
            case "a":
                Link(element);
                break;
            case "img":
                Image(element);
                break;
            case "iframe" or "video" or "audio":
                Embedded(element);
                break;
            case "ul" or "menu" or "dir":
                List(element, ordered: false);
                break;
            case "ol":
                List(element, ordered: true);
                break;
            case "blockquote":
                Contained(element, "> ", "> ");
                break;
            case "dt" or "summary":
                _writer.EndBlock();
                Marked(element, "**");
                _writer.EndBlock(blank: element.LocalName == "summary");
                break;
            case "dd":
                _writer.EndBlock(blank: false);
                _writer.PushPrefix(": ", "  ");
                Children(element);
                _writer.EndBlock(blank: false);
                _writer.PopPrefix();
                break;
            case "table":
                Table(element);
                break;
            case "math":
                Math(element);
                break;
            case "input":
                Checkbox(element);
                break;
            default:
                Plain(element);
                break;
        }
    }

    private void Plain(IElement element)
    {
        var block = HtmlElements.IsBlock(element);
        if (block)
            _writer.EndBlock();
        Children(element);
        if (block)
            _writer.EndBlock();
    }

    private void OneLine(int level, Action content)
    {
        _writer.EndBlock();
        var nested = _writer.Mode != FlowMode.Blocks;
        if (!nested)
        {
            _writer.PushPrefix(new string('#', level) + " ", "");
            _writer.Mode = FlowMode.OneLine;
        }

        content();
        if (!nested)
        {
            _writer.Mode = FlowMode.Blocks;
            _writer.EndBlock();
            _writer.PopPrefix();
        }

        _writer.EndBlock();
    }

    private void Contained(IElement element, string first, string rest)
    {
        _writer.EndBlock();
        _writer.PushPrefix(first, rest);
        Children(element);
        _writer.EndBlock();
        _writer.PopPrefix();
    }

    private void Marked(IElement element, string mark)
    {
        if (_writer.IsOpen(mark))
        {
            Children(element);
            return;
        }

        _writer.OpenMark(mark, mark);
        Children(element);
        _writer.CloseMark();
    }

    private void Code(IElement element)
    {
        var span = CodeText.Span(CodeText.Source(element), _writer.Mode == FlowMode.Cell);
        if (span.Length > 0)
            _writer.Atom(span);
    }

    private void Preformatted(IElement element)
    {
        if (_writer.Mode == FlowMode.Blocks)
        {
            _writer.Lines(CodeText.Fence(element));
            return;
        }

        _writer.EndBlock();
        Code(element);
        _writer.EndBlock();
    }

    private void Link(IElement element)
    {
        var target = links.Resolve(element.GetAttribute("href"));
        if (target is null || _writer.IsOpen(MarkdownWriter.LinkOpening))
        {
            Children(element);
            return;
        }

        if (IsHeadingAnchor(element))
            return;
        var mode = _writer.Mode;
        _writer.OpenLink(target);
        _writer.Mode = mode == FlowMode.Blocks ? FlowMode.OneLine : mode;
        var before = _writer.Length;
        Children(element);
        if (_writer.Length == before && (element.GetAttribute("aria-label") ?? element.GetAttribute("title")) is { } label)
            _writer.Text(label);
        _writer.Mode = mode;
        _writer.CloseTarget();
    }

    /// <summary>The sign beside a heading that links to the heading itself.</summary>
    private static bool IsHeadingAnchor(IElement element) =>
        element.GetAttribute("href")!.TrimStart().StartsWith('#')
        && element.ParentElement?.LocalName is "h1" or "h2" or "h3" or "h4" or "h5" or "h6"
        && element.TextContent.Trim() is "" or "#" or "\u00B6" or "\u00A7" or "\U0001F517";

    private void Image(IElement element)
    {
        var alt = element.GetAttribute("alt");
        if (alt is { Length: 0 } || (element.GetAttribute("width") == "1" && element.GetAttribute("height") == "1"))
            return; // decorative, or a tracking pixel
        var source = links.Resolve(element.GetAttribute("src")) ?? links.Resolve(element.GetAttribute("data-src"));
        if (source is null)
        {
            if (alt is not null)
                _writer.Text(alt);
            return;
        }

        _writer.OpenImage(source);
        if (string.IsNullOrWhiteSpace(alt))
            _writer.Atom("");
        else
            _writer.Text(alt.Trim());
        _writer.CloseTarget();
    }

    private void Embedded(IElement element)
    {
        var source = element.GetAttribute("src") ?? element.QuerySelector("source[src]")?.GetAttribute("src");
        if (links.Resolve(source) is not { } target || _writer.IsOpen(MarkdownWriter.LinkOpening))
            return;
        _writer.OpenLink(target);
        _writer.Text(element.GetAttribute("title") is { Length: > 0 } title ? title : element.LocalName switch
        {
            "video" => "Video",
            "audio" => "Audio",
            _ => "Embedded page",
        });
        _writer.CloseTarget();
        _writer.Text(" ");
    }

    private void List(IElement list, bool ordered)
    {
        _writer.EndBlock(blank: _listDepth == 0);
        _listDepth++;
        var number = ordered && int.TryParse(list.GetAttribute("start"), out var start) && start >= 0 ? start : 1;
        foreach (var child in list.ChildNodes)
        {
            if (_writer.IsFull)
                break;
            if (child is not IElement element)
            {
                if (child is IText text)
                    _writer.Text(text.Data);
                continue;
            }

            if (HtmlElements.IsDropped(element))
                continue;
            if (element.LocalName is "li")
            {
                Item(element, ordered ? $"{number++}. " : "- ");
            }
            else
            {
                // A list straight inside a list is a common mistake; it means a level more.
                _writer.PushPrefix("  ", "  ");
                Element(element);
                _writer.PopPrefix();
            }
        }

        _listDepth--;
        _writer.EndBlock(blank: _listDepth == 0);
    }

    private void Item(IElement item, string marker)
    {
        _writer.EndBlock(blank: false);
        _writer.PushPrefix(marker, new string(' ', marker.Length));
        Children(item);
        _writer.EndBlock(blank: false);
        _writer.PopPrefix();
    }

    private void Table(IElement element)
    {
        if (_writer.Mode != FlowMode.Blocks || TableReader.Read(element) is not { } table)
        {
            Plain(element);
            return;
        }

        if (table.Caption is { } caption)
        {
            _writer.EndBlock();
            Children(caption);
        }

        _writer.Lines(table.Render(RenderCell));
    }

    /// <summary>The Markdown of a cell, within what the row leaves of the length.</summary>
    private string RenderCell(IElement cell, int rowLength)
    {
        var inner = new MarkdownWriter(System.Math.Max(0, MarkdownLimits.MaxOutputChars - _writer.Length - rowLength)) { Mode = FlowMode.Cell };
        new ElementConverter(inner, links, keepChrome).Children(cell);
        return inner.Finish();
    }

    /// <summary>TeX, where the page carries it, reads better than the run-together text of MathML.</summary>
    private void Math(IElement element)
    {
        if (element.QuerySelector("annotation[encoding=\"application/x-tex\"]")?.TextContent is { } tex)
            _writer.Atom($"${string.Join(' ', tex.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries))}$");
        else
            _writer.Text(element.TextContent);
    }

    private void Checkbox(IElement element)
    {
        if (string.Equals(element.GetAttribute("type"), "checkbox", StringComparison.OrdinalIgnoreCase))
            _writer.Atom(element.HasAttribute("checked") ? "[x]" : "[ ]");
        else
            return;
        _writer.Text(" ");
    }
}
