using System.Text;
using AgentGateway.McpFetch.Markdown;
using CsCheck;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Markdown;

public sealed class HtmlToMarkdownBoundsTests
{
    private static readonly Uri Page = new("https://example.com/");

    /// <summary>A clock that stands still: the counted limits must hold by themselves, on a slow machine too.</summary>
    private static readonly FakeTimeProvider Frozen = new();

    private static readonly string[] Pieces =
    [
        "<div>", "</div>", "<p>", "</p>", "<b>", "</b>", "<i>", "</i>", "<a href='/x'>", "</a>", "<ul>", "</ul>", "<li>", "<ol start=3>", "</ol>",
        "<table>", "</table>", "<tr>", "<td colspan=9999>", "<td rowspan=9999>", "<th>", "<thead>", "<caption>", "<pre>", "</pre>",
        "<code>", "</code>", "<blockquote>", "</blockquote>", "<h1>", "</h1>", "<h6>", "<br>", "<hr>", "<img src=x alt=y>", "<img alt='<>'>",
        "<script>", "</script>", "<style>", "<template>", "<svg>", "<math>", "<mi>", "</math>", "<select>", "<option>", "<textarea>",
        "<main>", "</main>", "<article>", "<nav>", "<dl>", "<dt>", "<dd>", "<details>", "<summary>", "<base href=//h/>", "<title>", "</title>",
        "<!--", "-->", "<![CDATA[", "<?x", "<", ">", "&", "&amp;", "&#0;", "&#x10FFFF;", "&#xD800;", "text", " ", "\n", "\0", "`", "*", "_",
        "|", "[", "](", "\uD83D", "\uDE00", "\u00A0", "é", "<frameset>", "<plaintext>", "<input type=checkbox>", "<q>", "<iframe src=y>",
    ];

    [Fact]
    public void Convert_ArbitraryHtml_NeverThrowsAndStaysBounded() =>
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(static i => Pieces[i]), Gen.String[0, 8]).Array[0, 120].Select(string.Concat).Sample(
            html =>
            {
                var markdown = HtmlToMarkdown.Convert(html, Page, Frozen);
                Assert.True(markdown.Length <= 10_000 + (html.Length * 600), $"{html.Length} characters became {markdown.Length}");
            },
            iter: 3000);

    [Fact]
    public void PlainText_ArbitraryHtml_NeverThrowsAndNeverGrows() =>
        Gen.OneOf(Gen.Int[0, Pieces.Length - 1].Select(static i => Pieces[i]), Gen.String[0, 8]).Array[0, 120].Select(string.Concat).Sample(
            html => Assert.True(PlainText.From(html).Length <= html.Length + 1),
            iter: 3000);

    [Theory]
    [InlineData("<div>")]
    [InlineData("<span>")]
    [InlineData("<b>")]
    [InlineData("<a><div>")]
    [InlineData("<ul><li>")]
    [InlineData("<blockquote>")]
    [InlineData("<table><tr><td>")]
    [InlineData("<template>")]
    [InlineData("<svg><g>")]
    [InlineData("<svg><desc></svg></desc><td>")]
    [InlineData("<optgroup>")]
    [InlineData("<font>x<p>")]
    public void Convert_DeepNesting_EndsWithText(string piece)
    {
        var html = new StringBuilder("<p>start</p>").Insert(12, piece, 100_000).Append('x').ToString();

        Assert.Contains("start", HtmlToMarkdown.Convert(html, Page, Frozen), StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_FormattingLeftOpenInEveryParagraph_GivesUpAndKeepsText()
    {
        var html = string.Concat(Enumerable.Range(0, 100_000).Select(static i => $"<p><font color={i}>t{i}"));

        var markdown = HtmlToMarkdown.Convert(html, Page, Frozen);

        Assert.StartsWith("t0\nt1\n", markdown, StringComparison.Ordinal);
        Assert.EndsWith("t99999", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_LinksThatMultiplyTheSource_CutAtTheLimit()
    {
        var page = new Uri("https://example.com/" + new string('d', 1900) + "/");
        var html = new StringBuilder().Insert(0, "<a href=x>t</a>\n", 20_000).ToString();

        var markdown = HtmlToMarkdown.Convert(html, page, Frozen);

        Assert.InRange(markdown.Length, MarkdownLimits.MaxOutputChars, MarkdownLimits.MaxOutputChars + 5000);
        Assert.EndsWith("[Cut: the page is too long to convert whole.]", markdown, StringComparison.Ordinal);
    }

    [Fact]
    public void Convert_TableRowThatMultipliesTheSource_CutAtTheLimit()
    {
        var page = new Uri("https://example.com/" + new string('d', 1900) + "/");
        var cell = "<td>" + new StringBuilder().Insert(0, "<a href=x>t</a> ", 2000);
        var html = new StringBuilder("<table><tr>").Insert(11, cell, 10).ToString();

        var markdown = HtmlToMarkdown.Convert(html, page, Frozen);

        Assert.InRange(markdown.Length, MarkdownLimits.MaxOutputChars - 5000, MarkdownLimits.MaxOutputChars + 5000);
    }

    [Fact]
    public void Convert_ParseTimeOver_FallsBackToPlainText()
    {
        var time = new FakeTimeProvider { AutoAdvanceAmount = MarkdownLimits.MaxParseTime };

        Assert.Equal("a\nb", HtmlToMarkdown.Convert("<p>a</p><p><b>b</b></p>", Page, time));
    }

    [Fact]
    public void PlainText_ScriptsCommentsAndEntities_OnlyTextRemains() =>
        Assert.Equal(
            "a & b\nc < d",
            PlainText.From("<p>a &amp; <b>b</b></p><!-- x > y --><script>if (a</b>) {}</script><style>p{}</style><div>c < d</div><script>open"));
}
