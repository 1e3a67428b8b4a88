using AngleSharp.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>Reads a table of data. Tables that only lay a page out are not one.</summary>
internal static class TableReader
{
    private const int MaxRowSpan = 1000;

    /// <summary>The grid of a table, null for a layout table: one that says so, holds another table, or has a single column.</summary>
    internal static DataTable? Read(IElement table)
    {
        if (table.GetAttribute("role") is "presentation" or "none" || table.QuerySelector("table, pre, h1, h2, h3") is not null)
            return null;

        var rows = new List<List<IElement?>>();
        IElement? caption = null;
        var hasHeader = false;
        var open = new List<int>(); // rows that a cell above still covers, by column
        foreach (var section in table.Children)
        {
            switch (section.LocalName)
            {
                case "caption":
                    caption = section;
                    break;
                case "tr":
                    rows.Add(Row(section, open));
                    break;
                case "thead" or "tbody" or "tfoot":
                    hasHeader |= section.LocalName == "thead" && rows.Count == 0;
                    foreach (var row in section.Children)
                    {
                        if (row.LocalName == "tr" && !HtmlElements.IsDropped(row))
                            rows.Add(Row(row, open));
                    }

                    break;
            }
        }

        rows.RemoveAll(static row => row.TrueForAll(static cell => cell is null));
        var columns = 0;
        foreach (var row in rows)
            columns = Math.Max(columns, row.Count);
        if (columns < 2)
            return null;
        hasHeader |= rows[0].TrueForAll(static cell => cell is null or { LocalName: "th" });
        return new DataTable(caption, rows, columns, hasHeader);
    }

    /// <summary>The cells of a row by column; a place that a span covers is null.</summary>
    private static List<IElement?> Row(IElement row, List<int> open)
    {
        var cells = new List<IElement?>();
        foreach (var cell in row.Children)
        {
            if (cell.LocalName is not ("td" or "th"))
                continue;
            SkipCovered(cells, open);
            var width = Span(cell, "colspan", MarkdownLimits.MaxTableColumns);
            var height = Span(cell, "rowspan", MaxRowSpan);
            for (var i = 0; i < width && cells.Count < MarkdownLimits.MaxTableColumns; i++)
            {
                if (cells.Count == open.Count)
                    open.Add(0);
                open[cells.Count] = height - 1;
                cells.Add(i == 0 ? cell : null);
            }
        }

        SkipCovered(cells, open);
        for (var i = cells.Count; i < open.Count; i++)
            open[i] = Math.Max(0, open[i] - 1);
        return cells;
    }

    private static void SkipCovered(List<IElement?> cells, List<int> open)
    {
        while (cells.Count < open.Count && open[cells.Count] > 0)
        {
            open[cells.Count]--;
            cells.Add(null);
        }
    }

    private static int Span(IElement cell, string name, int max) =>
        int.TryParse(cell.GetAttribute(name), out var span) ? Math.Clamp(span, 1, max) : 1;
}
