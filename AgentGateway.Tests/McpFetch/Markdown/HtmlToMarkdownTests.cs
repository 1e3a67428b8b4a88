using AgentGateway.McpFetch.Markdown;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Markdown;

public sealed class HtmlToMarkdownTests
{
    private static readonly Uri Page = new("https://example.com/docs/page.html");

    private static string Convert(string html) => HtmlToMarkdown.Convert(html, Page);

    [Theory]
    [InlineData("<h1>One</h1><h2>Two</h2><p>Text</p>", "# One\n\n## Two\n\nText")]
    [InlineData("<h3>  A <b>bold</b>\n title </h3>", "### A **bold** title")]
    [InlineData("<h2></h2><p>x", "x")]
    [InlineData("<p>one</p><p>two</p>", "one\n\ntwo")]
    [InlineData("<p>a\n   b\t c</p>", "a b c")]
    [InlineData("a<br>b", "a  \nb")]
    [InlineData("<p>a<br><br>b</p>", "a\n\nb")]
    [InlineData("<div>a<div>b</div>c</div>", "a\n\nb\n\nc")]
    [InlineData("<p>a</p><hr><p>b</p>", "a\n\n---\n\nb")]
    [InlineData("caf&eacute; &lt;tag&gt; &amp; co", "café \\<tag> & co")]
    [InlineData("a&nbsp;b", "a b")]
    [InlineData("a&shy;b&#8203;c", "abc")]
    public void Convert_TextBlocks_Separated(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<p>x <b>bold</b> y", "x **bold** y")]
    [InlineData("<p>x<strong> bold </strong>y", "x **bold** y")]
    [InlineData("<em>a</em>", "*a*")]
    [InlineData("<b><i>a</i></b>", "***a***")]
    [InlineData("<b>a</b><b>b</b>", "**ab**")]
    [InlineData("<b>a <b>b</b> c</b>", "**a b c**")]
    [InlineData("<b></b>x", "x")]
    [InlineData("<b> </b>x", "x")]
    [InlineData("<b><p>a</p><p>b</p></b>", "**a**\n\n**b**")]
    [InlineData("<del>a</del>", "~~a~~")]
    [InlineData("<q>a</q>", "“a”")]
    public void Convert_Emphasis_Marked(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<a href='/x'>t</a>", "[t](https://example.com/x)")]
    [InlineData("<a href='other.html'>t</a>", "[t](https://example.com/docs/other.html)")]
    [InlineData("<a href='?q=1'>t</a>", "[t](https://example.com/docs/page.html?q=1)")]
    [InlineData("<a href='//cdn.example.org/a b'>t</a>", "[t](https://cdn.example.org/a%20b)")]
    [InlineData("<a href='/a_(b)'>t</a>", "[t](https://example.com/a_%28b%29)")]
    [InlineData("<a href='mailto:a@example.com'>t</a>", "[t](mailto:a@example.com)")]
    [InlineData("<a href='#part'>t</a>", "[t](https://example.com/docs/page.html#part)")]
    [InlineData("<a href='javascript:alert(1)'>t</a>", "t")]
    [InlineData("<a href='data:text/html,x'>t</a>", "t")]
    [InlineData("<a href='#'>t</a>", "t")]
    [InlineData("<a href='http://['>t</a>", "t")]
    [InlineData("<a>t</a>", "t")]
    [InlineData("<a href='/x'></a>y", "y")]
    [InlineData("<a href='/x' aria-label='Label'></a>", "[Label](https://example.com/x)")]
    [InlineData("a <a href='/x'> t </a> b", "a [t](https://example.com/x) b")]
    [InlineData("wow!<a href='/x'>t</a>", "wow\\![t](https://example.com/x)")]
    [InlineData("<a href='/x'>a]b[c</a>", "[a\\]b\\[c](https://example.com/x)")]
    [InlineData("<a href='/x'><h2>Head</h2><p>Text</p></a>", "[Head Text](https://example.com/x)")]
    [InlineData("<h2>Part <a class='headerlink' href='#part'>¶</a></h2>", "## Part")]
    [InlineData("<base href='https://b.example/d/'><a href='x'>t</a>", "[t](https://b.example/d/x)")]
    [InlineData("<base href='sub/'><a href='x'>t</a>", "[t](https://example.com/docs/sub/x)")]
    public void Convert_Links_Absolute(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<img src='/i.png' alt='A cat'>", "![A cat](https://example.com/i.png)")]
    [InlineData("<img src='/i.png'>", "![](https://example.com/i.png)")]
    [InlineData("<img src='/i.png' alt=''>x", "x")]
    [InlineData("<img src='data:image/png;base64,AAAA' alt='Dot'>", "Dot")]
    [InlineData("<img data-src='/lazy.png' alt='Lazy'>", "![Lazy](https://example.com/lazy.png)")]
    [InlineData("<img src='/p.gif' width=1 height=1>x", "x")]
    [InlineData("<a href='/x'><img src='/i.png' alt='A'></a>", "[![A](https://example.com/i.png)](https://example.com/x)")]
    [InlineData("<iframe src='/v' title='Film'></iframe>", "[Film](https://example.com/v)")]
    public void Convert_Media_AltAndTarget(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<ul><li>a</li><li>b</li></ul>", "- a\n- b")]
    [InlineData("<ol><li>a<li>b</ol>", "1. a\n2. b")]
    [InlineData("<ol start=9><li>a<li>b</ol>", "9. a\n10. b")]
    [InlineData("<ul><li>a<ul><li>b<ol><li>c</ol></ul><li>d</ul>", "- a\n  - b\n    1. c\n- d")]
    [InlineData("<ul><li>a</li><ul><li>b</li></ul></ul>", "- a\n  - b")]
    [InlineData("<p>x</p><ul><li>a</ul><p>y</p>", "x\n\n- a\n\ny")]
    [InlineData("<ul><li></li><li>b</li></ul>", "- b")]
    [InlineData("<ol><li><p>a</p><p>b</p></li></ol>", "1. a\n\n   b")]
    [InlineData("<ul><li>a<pre>x\ny</pre></li></ul>", "- a\n\n  ```\n  x\n  y\n  ```")]
    [InlineData("<ul><li><input type=checkbox checked> done<li><input type=checkbox> open</ul>", "- [x] done\n- [ ] open")]
    [InlineData("<dl><dt>T<dd>one<dd>two<dt>U<dd>three</dl>", "**T**\n: one\n: two\n\n**U**\n: three")]
    public void Convert_Lists_Nested(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b")]
    [InlineData("<blockquote>a<blockquote>b</blockquote></blockquote>", "> a\n>\n> > b")]
    [InlineData("<blockquote><ul><li>a<li>b</ul></blockquote>", "> - a\n> - b")]
    [InlineData("<ul><li><blockquote>q</blockquote></ul>", "- > q")]
    public void Convert_Quotes_Prefixed(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<pre><code class='language-csharp'>var x = 1;\n  y();</code></pre>", "```csharp\nvar x = 1;\n  y();\n```")]
    [InlineData("<div class='highlight-source-shell'><pre>ls</pre></div>", "```shell\nls\n```")]
    [InlineData("<pre class='brush: js; toolbar: false'>a</pre>", "```js\na\n```")]
    [InlineData("<pre><code class='language-<evil>'>a</code></pre>", "```\na\n```")]
    [InlineData("<pre>a ``` b</pre>", "````\na ``` b\n````")]
    [InlineData("<pre>a<br>b\n\n*c* &lt;d&gt;</pre>", "```\na\nb\n\n*c* <d>\n```")]
    [InlineData("<pre> \n </pre>x", "x")]
    [InlineData("<p>run <code>a  *b*</code> now", "run `a *b*` now")]
    [InlineData("<code>a`b</code>", "``a`b``")]
    [InlineData("<code>`</code>", "`` ` ``")]
    public void Convert_Code_Fenced(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<table><tr><th>A<th>B<tr><td>1<td>2</table>", "| A | B |\n| --- | --- |\n| 1 | 2 |")]
    [InlineData("<table><thead><tr><td>A<td>B</thead><tr><td>1<td>2</table>", "| A | B |\n| --- | --- |\n| 1 | 2 |")]
    [InlineData("<table><tr><td>1<td>2<tr><td>3<td>4</table>", "|  |  |\n| --- | --- |\n| 1 | 2 |\n| 3 | 4 |")]
    [InlineData("<table><tr><th>A<th>B</table>", "| A | B |\n| --- | --- |")]
    [InlineData("<table><tr><th>A<th>B<tr><td colspan=2>x</table>", "| A | B |\n| --- | --- |\n| x |  |")]
    [InlineData("<table><tr><th>A<th>B<tr><td rowspan=2>x<td>1<tr><td>2</table>", "| A | B |\n| --- | --- |\n| x | 1 |\n|  | 2 |")]
    [InlineData("<table><tr><th>A<th>B<tr><td>a|b<td><p>x</p><p>y</p></table>", "| A | B |\n| --- | --- |\n| a\\|b | x<br>y |")]
    [InlineData("<table><caption>Cap</caption><tr><th>A<th>B</table>", "Cap\n\n| A | B |\n| --- | --- |")]
    [InlineData("<table><tr><td>a<tr><td>b</table>", "a\n\nb")]
    [InlineData("<table role=presentation><tr><td>a<td>b</table>", "a\n\nb")]
    [InlineData("<table><tr><td>a<td><table><tr><th>A<th>B</table></table>", "a\n\n| A | B |\n| --- | --- |")]
    [InlineData("<table><tr><td><tr></table>x", "x")]
    public void Convert_Tables_Gfm(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("1 * 2", "1 * 2")]
    [InlineData("*a*", "\\*a\\*")]
    [InlineData("snake_case _x_", "snake_case \\_x\\_")]
    [InlineData("# no heading", "\\# no heading")]
    [InlineData("#tag", "#tag")]
    [InlineData("- no item", "\\- no item")]
    [InlineData("1. no item", "1\\. no item")]
    [InlineData("1.5 is", "1.5 is")]
    [InlineData("&gt; no quote", "\\> no quote")]
    [InlineData("a`b", "a\\`b")]
    [InlineData("[1] and [a](b)", "[1] and [a\\](b)")]
    [InlineData("C:\\dir \\*", "C:\\dir \\\\\\*")]
    [InlineData("&amp;amp; R&amp;D", "\\&amp; R\\&D")]
    [InlineData("a ~~ b", "a \\~\\~ b")]
    public void Convert_SpecialCharacters_EscapedWhereTheyCount(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<script>x()</script><style>p{}</style><template>t</template><p>a</p><!-- c -->", "a")]
    [InlineData("<nav><a href='/'>Home</a></nav><p>a</p><footer>f</footer><aside>s</aside>", "a")]
    [InlineData("<header>logo</header><p>a</p>", "a")]
    [InlineData("<header><h1>Title</h1></header><p>a</p>", "# Title\n\na")]
    [InlineData("<div role=navigation>n</div><p>a</p>", "a")]
    [InlineData("<p>before</p><main><p>a</p></main><p>after</p>", "a")]
    [InlineData("<p>before</p><article><header>by me</header><p>a</p><footer>f</footer></article>", "by me\n\na\n\nf")]
    [InlineData("<article><p>a</p></article><article><p>b</p></article>", "a\n\nb")]
    [InlineData("<p hidden>h</p><p aria-hidden=true>h</p><p style='display: none'>h</p><p>a</p>", "a")]
    [InlineData("<form><label>L</label><input name=x><select><option>o</select><button>b</button></form>", "L")]
    [InlineData("<nav>only <a href='/x'>nav</a></nav>", "only [nav](https://example.com/x)")]
    [InlineData("<main></main><p>a</p>", "a")]
    [InlineData("<noscript>Enable JavaScript.</noscript><div id=app></div>", "Enable JavaScript.")]
    public void Convert_Chrome_Dropped(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Theory]
    [InlineData("<title>T</title><p>a</p>", "# T\n\na")]
    [InlineData("<title>T</title><h1>H</h1><p>a</p>", "# H\n\na")]
    [InlineData("<title>T</title>", "")]
    [InlineData("", "")]
    public void Convert_Title_StandsForMissingHeading(string html, string expected) => Assert.Equal(expected, Convert(html));

    [Fact]
    public void Convert_MathWithTex_KeepsTex() =>
        Assert.Equal("so $x^2$", Convert("so <math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math>"));
}
