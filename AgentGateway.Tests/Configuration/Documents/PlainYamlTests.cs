using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Tests.Configuration.Examples;
using AgentGateway.Tests.Configuration.Random;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Configuration.Documents;

public sealed class PlainYamlTests
{
    [Theory]
    [InlineData("a: 1")]
    [InlineData("a: 1\n")]
    [InlineData("a: 1\r\nb:\r\n  c: x\r\n  d: [y, \"z\"]\r\n")]
    [InlineData("---\na: 1\n")]
    [InlineData("# c\n---  # d\n\na: 1\n")]
    [InlineData("a:\nb: ~\nc: null\nd: \"\"\n")]
    [InlineData("a:\n- 1\n- x: 1\n  y: 2\n-\n- - p\n  - q\nb: 2\n")]
    [InlineData("a:\n  - 1\n  - b: c\n    d:\n    - e\n\n  # comment\n  - f\n")]
    [InlineData("- a\n- b:\n    c\n")]
    [InlineData("- a\n-\n")]
    [InlineData("a: {b: c, d: [1, 2.5, -3], e: {}, f: [], 'g': \"h\"}\n")]
    [InlineData("a: [b,\n  c,\n\n  d]\n")]
    [InlineData("{\"a\":1,\"b\":{\"c\":[true,null,\"x\\n\\u00e9\\\"\\\\\\/\"]}}")]
    [InlineData("{\n  \"a\": 1,\n  \"b\": [\n    \"c\"\n  ]\n}\n")]
    [InlineData("a: http://x:80/#y # comment\n")]
    [InlineData("a: -5s\nb: .5\nc: =\nd: a-b\ne: ~x\n'f' : g\n\"h\": i\n")]
    [InlineData("a: 'it''s'\nb: ''\nc: ' # no comment'\n")]
    [InlineData("a: |\n  x\n    y\n\n  z\n\nb: |-\n  only\n")]
    [InlineData("a:\n- |\n  x\n- |-\n    y\n# c\n- z\n")]
    [InlineData("a: |\n\n  x # kept\n # less\nb: 1\n")]
    [InlineData("\u00e4: \u00fc\n\u4e16: '\u754c'\n")]
    [InlineData("a: b: c\n", false)]
    [InlineData("a: x\n  y\n", false)]
    [InlineData("a: &x 1\nb: *x\n", false)]
    [InlineData("a: !!str 1\n", false)]
    [InlineData("a: >\n  x\n  y\n", false)]
    [InlineData("a: |2\n    x\n", false)]
    [InlineData("a: |+\n  x\n\n", false)]
    [InlineData("a: \"x\n  y\"\n", false)]
    [InlineData("a: 1\na: 2\n", false)]
    [InlineData("<<: {a: 1}\n", false)]
    [InlineData("a: 1\n---\nb: 2\n", false)]
    [InlineData("a: 1\n...\n", false)]
    [InlineData("a:\t1\n", false)]
    [InlineData("a: [x, y\n", false)]
    [InlineData("a: [x: y]\n", false)]
    [InlineData("a: {x, y}\n", false)]
    [InlineData("a:\n  b: 1\n c: 2\n", false)]
    [InlineData("a: - b\n", false)]
    [InlineData("? a\n: b\n", false)]
    [InlineData("a: @x\n", false)]
    [InlineData("a: 'x' y\n", false)]
    [InlineData("a: \"\\uD83D\\uDE00\"\n", false)]
    [InlineData("a: \U0001F600\n", false)]
    [InlineData("a *b: c\n", false)]
    [InlineData("- |\n   \n    a\n", false)]
    [InlineData("null", false)]
    [InlineData("", false)]
    public void TryParse_Text_GivesTheNodesOfTheWholeParserOrLeavesIt(string text, bool plain = true)
    {
        Assert.Equal(plain, PlainYaml.TryParse(Source(text)) is not null);

        AssertSame(text);
    }

    [Fact]
    public void TryParse_VariablesOfTheEnvironment_AreMarkedAndKeepTheirPlaces()
    {
        AssertSame("a: $X\nb: \"${X} y\"\nc: [x, ${X}]\nd: plain # $X\n$X: e\nf:\n- |\n  q $X\n  r\n- ${X}\n");
    }

    [Fact]
    public void TryParse_OwnExamples_ArePlain()
    {
        Assert.All(OwnExamples.All, static example =>
        {
            AssertSame(example.Text);
        });
    }

    [Fact]
    public void TryParse_RandomTrees_GivesTheNodesOfTheWholeParser() => RandomDocuments.Tree.Sample(AssertSame, iter: 2_000);

    [Fact]
    public void TryParse_DamagedDocuments_GivesTheNodesOfTheWholeParser() => RandomDocuments.Damaged.Sample(AssertSame, iter: 1_000);

    [Fact]
    public void TryParse_RandomTexts_GivesTheNodesOfTheWholeParser() => RandomDocuments.Text.Sample(AssertSame, iter: 4_000);

    [Fact]
    public void TryParse_RandomLines_GivesTheNodesOfTheWholeParser()
    {
        var indent = Gen.Int[0, 4].Select(static n => new string(' ', n));
        string[] starts = ["", "", "", "- ", "- - ", "a: ", "b:", "-", "'c': ", "- d: ", "# ", "\"e\":", "a:   - "];
        string[] values = ["", "x", "1", "x y", "'q''r'", "\"s\\n\"", "[1, a]", "{a: b}", "[", "|", "|-", "x # c", "x:y", "#z", "null", "{a: [b, {c: d}]}", "]", "x: y", "- z", "{\"a\":1}", "a, b", "~", "%", " "];
        string[] ends = ["\n", "\n", "\n", "\n\n", "  \n", "\r\n", ""];
        Gen.Select(indent, Any(starts), Any(values), Any(ends), static (i, s, v, e) => i + s + v + e)
            .Array[1, 9].Select(string.Concat).Sample(AssertSame, iter: 40_000);
    }

    private static Gen<string> Any(string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static SourceText Source(string text) => EnvironmentExpansion.Expand(text, static name => name == "X" ? "from\"out" : "x", []);

    private static void AssertSame(string text)
    {
        var source = Source(text);
        if (PlainYaml.TryParse(source) is not { } plain)
        {
            return;
        }

        var errors = new List<ConfigurationProblem>();
        var whole = YamlDocument.ParseAny(source, errors);

        Assert.Empty(errors);
        Assert.NotNull(whole);
        AssertSame(whole, plain);
    }

    private static void AssertSame(ConfigNode expected, ConfigNode actual)
    {
        Assert.Equal(expected.GetType(), actual.GetType());
        Assert.Equal(expected.Position, actual.Position);
        Assert.Equal(expected.ExpandedSize, actual.ExpandedSize);
        switch (expected, actual)
        {
            case (ScalarNode a, ScalarNode b):
                Assert.Equal((a.Text, a.Kind, a.FromEnvironment), (b.Text, b.Kind, b.FromEnvironment));
                break;
            case (SequenceNode a, SequenceNode b):
                Assert.Equal(a.Items.Length, b.Items.Length);
                for (var i = 0; i < a.Items.Length; i++)
                {
                    AssertSame(a.Items[i], b.Items[i]);
                }

                break;
            case (MappingNode a, MappingNode b):
                Assert.Equal(a.Entries.Select(static e => (e.Key, e.KeyPosition)), b.Entries.Select(static e => (e.Key, e.KeyPosition)));
                for (var i = 0; i < a.Entries.Length; i++)
                {
                    AssertSame(a.Entries[i].Value, b.Entries[i].Value);
                }

                break;
        }
    }
}
