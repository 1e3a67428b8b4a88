using System.Text;
using AngleSharp.Dom;

namespace AgentGateway.McpFetch.Markdown;

/// <summary>A table of data.</summary>
/// <param name="Caption">The caption element, null without one.</param>
/// <param name="Rows">Cells by row and column; null where a span covers the place.</param>
/// <param name="Columns">Width of the widest row.</param>
/// <param name="HasHeader">The first row is a header.</param>
internal sealed record DataTable(IElement? Caption, List<List<IElement?>> Rows, int Columns, bool HasHeader)
{
    /// <summary>The lines of a Markdown table. Markdown tables need a header, so one without gets an empty one.</summary>
    /// <param name="renderCell">Gives the content of a cell, told how many characters its row has so far.</param>
    internal IEnumerable<string> Render(Func<IElement, int, string> renderCell)
    {
        if (!HasHeader)
            yield return Line(static (_, _) => "");
        for (var i = 0; i < Rows.Count; i++)
        {
            if (i == (HasHeader ? 1 : 0))
                yield return Line(static (_, _) => "---");
            var row = Rows[i];
            yield return Line((column, length) => column < row.Count && row[column] is { } cell ? renderCell(cell, length) : "");
        }

        if (HasHeader && Rows.Count == 1)
            yield return Line(static (_, _) => "---");
    }

    private string Line(Func<int, int, string> cell)
    {
        var line = new StringBuilder("|");
        for (var column = 0; column < Columns; column++)
            line.Append(' ').Append(cell(column, line.Length)).Append(" |");
        return line.ToString();
    }
}
