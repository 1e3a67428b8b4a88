using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Evaluation;

/// <summary>Hostile expressions and data end with the error of the bound they ran into.</summary>
public sealed class BoundsTests
{
    private const string Doubling = "'0123456789abcdef'.with(s, s + s)";

    [Theory]
    [InlineData("lists.range(4000000).all(x, x >= 0)", CelErrorCode.IterationLimit)]
    [InlineData("lists.range(1000).all(x, lists.range(1000).all(y, x + y >= 0))", CelErrorCode.IterationLimit)]
    [InlineData("lists.range(1000000000)", CelErrorCode.SizeLimit)]
    [InlineData("lists.range(9223372036854775807)", CelErrorCode.SizeLimit)]
    [InlineData("lists.range(100000).map(x, 'abcdefghijklmnop').join('abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz')", CelErrorCode.SizeLimit)]
    [InlineData("lists.range(90000).map(x, lists.range(90000)).flatten()", CelErrorCode.SizeLimit)]
    [InlineData("'%.1001f'.format([1.0])", CelErrorCode.InvalidArgument)]
    [InlineData("lists.range(3000).map(x, lists.range(3000)) == lists.range(3000).map(x, lists.range(3000))", CelErrorCode.WorkLimit)]
    [InlineData("cel.bind(l, lists.range(100000), l.map(x, x in l))", CelErrorCode.WorkLimit)]
    [InlineData("lists.range(100000).map(x, [x]).distinct()", CelErrorCode.WorkLimit)]
    [InlineData("sets.contains(lists.range(100000), lists.range(100000))", CelErrorCode.WorkLimit)]
    [InlineData("'a'.matches(lists.range(2000).map(x, 'a').join())", CelErrorCode.RegexLimit)]
    [InlineData("'a'.matches('(?=a)')", CelErrorCode.InvalidRegex)]
    [InlineData("'a'.matches('(a)\\\\1')", CelErrorCode.InvalidRegex)]
    [InlineData("'a'.matches('((a{1,900}){1,900}){1,900}')", CelErrorCode.InvalidRegex)]
    [InlineData("'a'.matches('a{5000}')", CelErrorCode.InvalidRegex)]
    public void Evaluate_Explosion_EndsWithItsError(string source, CelErrorCode code) => Assert.Equal(code, Expressions.ErrorCode(source));

    [Fact]
    public void Evaluate_RepeatedDoubling_EndsWithASizeError()
    {
        var source = Doubling + string.Concat(Enumerable.Repeat(".with(s, s + s)", 30));

        Assert.Equal(CelErrorCode.SizeLimit, Expressions.ErrorCode(source));
    }

    [Theory]
    [InlineData(".with(s, s.replace('', s))")]
    [InlineData(".with(s, s.replace('a', s + 'a'))")]
    [InlineData(".with(s, [s, s, s, s].join(s))")]
    [InlineData(".with(s, '%s%s%s%s'.format([s, s, s, s]))")]
    [InlineData(".with(s, regex.replace(s, '.', s))")]
    [InlineData(".with(s, s.regexReplace('a', s + s + s))")]
    [InlineData(".with(s, url.encode(s + s + '%'))")]
    [InlineData(".with(s, toJson([s, s, s]))")]
    [InlineData(".with(s, strings.quote(s + s + '\\\\'))")]
    [InlineData(".with(s, string(bytes(s) + bytes(s) + bytes(s)))")]
    public void Evaluate_GrowingStrings_EndWithinTheirBounds(string step)
    {
        var source = "'aaaaaaaaaaaaaaaa'" + string.Concat(Enumerable.Repeat(step, 40));

        Assert.Contains(Expressions.ErrorCode(source), new CelErrorCode?[] { CelErrorCode.SizeLimit, CelErrorCode.WorkLimit });
    }

    [Theory]
    [InlineData("toJson(V)")]
    [InlineData("V == W")]
    [InlineData("'%s'.format([V])")]
    [InlineData("V.flatten(64)")]
    [InlineData("size(toJson(V)) > 0")]
    public void Evaluate_SharedSubtrees_AreNotWalkedWithoutBound(string body)
    {
        // Thirty doublings make 2^30 leaves out of thirty nodes.
        var source = body
            .Replace("V", "[1]" + string.Concat(Enumerable.Repeat(".with(v, [v, v])", 30)), StringComparison.Ordinal)
            .Replace("W", "[2]" + string.Concat(Enumerable.Repeat(".with(v, [v, v])", 30)), StringComparison.Ordinal)
            .Replace("[2]", "[1]", StringComparison.Ordinal);

        Assert.Contains(Expressions.ErrorCode(source), new CelErrorCode?[] { CelErrorCode.SizeLimit, CelErrorCode.WorkLimit });
    }

    [Fact]
    public void Evaluate_ListsThatDouble_EndWithASizeError()
    {
        var source = "[1, 2, 3, 4]" + string.Concat(Enumerable.Repeat(".with(v, v + v)", 40));

        Assert.Equal(CelErrorCode.SizeLimit, Expressions.ErrorCode(source));
    }

    [Fact]
    public void Evaluate_CatastrophicPattern_MatchesInLinearTime()
    {
        var activation = new TestActivation { Values = { [GatewayVariables.Metadata] = CelValue.FromString(new string('a', 100_000) + "!") } };

        Assert.True(Expressions.Evaluate("metadata.matches('^(a+)+$')", activation).IsFalse);
        Assert.True(Expressions.Evaluate("metadata.matches('(a|aa)+!$')", activation).IsTrue);
    }

    [Theory]
    [InlineData("s.contains(s.substring(500000) + 'b' + s.substring(700000))")]
    [InlineData("s.substring(500000) + 'b' + s.substring(700000) in s")]
    [InlineData("bytes(s).contains(bytes(s.substring(500000) + 'b' + s.substring(700000)))")]
    [InlineData("lists.range(2000).all(i, s.startsWith(s))")]
    [InlineData("lists.range(2000).all(i, s <= s)")]
    [InlineData("lists.range(2000).all(i, size(s) > 0)")]
    [InlineData("lists.range(2000).all(i, s.charAt(5) == 'a')")]
    [InlineData("lists.range(2000).all(i, !(s in {'a': 1}))")]
    [InlineData("lists.range(2000).all(i, !{'a': 1}[?s].hasValue())")]
    [InlineData("lists.range(2000).all(i, [s].distinct().size() == 1)")]
    [InlineData("lists.range(2000).all(i, default(jwt[s], 1) == 1)")]
    [InlineData("lists.range(200000).all(i, !'b'.matches('(a{900}){4}' + string(i)))")]
    [InlineData("lists.range(5000).with(l, lists.range(5000).all(i, toJson(l) != ''))")]
    [InlineData("lists.range(5000).transformMap(i, v, v).with(m, lists.range(5000).all(i, '%s'.format([m]) != ''))")]
    [InlineData("('/?' + s.replace('a', 'a&')).with(q, lists.range(2000).all(i, q.setQuery('b', 'c') != ''))")]
    public void Evaluate_LongTextInALoop_EndsWithinItsBounds(string body)
    {
        var activation = new TestActivation { Values = { [GatewayVariables.Metadata] = CelValue.FromString(new string('a', 1_000_000)), [GatewayVariables.Jwt] = Expressions.Json("{}") } };

        Assert.Contains(Expressions.ErrorCode($"metadata.with(s, {body})", activation), new CelErrorCode?[] { CelErrorCode.WorkLimit, CelErrorCode.SizeLimit });
    }

    [Theory]
    [InlineData("size(s) > 0")]
    [InlineData("s.startsWith(s)")]
    [InlineData("!(s in {'a': 1})")]
    [InlineData("s <= s")]
    public void Evaluate_LongJsonTextInALoop_EndsWithinItsBounds(string body)
    {
        var activation = Expressions.With((GatewayVariables.Metadata, $"\"{new string('a', 1_000_000)}\""));

        Assert.Equal(CelErrorCode.WorkLimit, Expressions.ErrorCode($"metadata.with(s, lists.range(2000).all(i, {body}))", activation));
    }

    [Fact]
    public void Json_TooDeep_IsAnError()
    {
        var deep = new string('[', 5000) + new string(']', 5000);
        var activation = new TestActivation { Values = { [GatewayVariables.Metadata] = CelValue.FromString(deep) } };

        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode("json(metadata)", activation));
        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode("jsonField(metadata, 'a')", activation));
        Assert.True(CelValue.FromJson(Encoding.UTF8.GetBytes(deep)).IsError);
    }

    [Fact]
    public void Equals_HostListThatContainsItself_EndsWithAnError()
    {
        var endless = CelValue.FromList(new EndlessList());
        var activation = new TestActivation { Values = { [GatewayVariables.Metadata] = endless, [GatewayVariables.Extproc] = endless } };

        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode("metadata == extproc", activation));
        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode("toJson(metadata)", activation));
        Assert.Equal(CelErrorCode.DepthLimit, Expressions.ErrorCode("'%s'.format([metadata])", activation));
        Assert.NotNull(endless.ToJson());
        Assert.False(CelFlattening.Expand("k", Expressions.Evaluate("flattenRecursive(metadata)", activation), new AttributeList()));
    }

    [Fact]
    public void Evaluate_LimitsOfTheEnvironment_AreHeld()
    {
        var environment = new CelEnvironmentBuilder { Limits = new CelLimits { MaxIterations = 10, MaxValueSize = 20 } }.Build();

        Assert.Equal(CelErrorCode.IterationLimit, environment.Compile("lists.range(11).all(x, true)").Program!.Evaluate(new TestActivation()).Error!.Code);
        Assert.True(environment.Compile("lists.range(10).all(x, true)").Program!.Evaluate(new TestActivation()).IsTrue);
        Assert.Equal(CelErrorCode.SizeLimit, environment.Compile("[1].map(x, 'aaaaaaaaaaaaaaaa' + string(x) + 'aaaaaaaaaaaaaaaa')").Program!.Evaluate(new TestActivation()).Error!.Code);
    }

    [Fact]
    public void Evaluate_LongTernaryAndBindChains_DoNotOverflowTheStack()
    {
        var kind = CelKind.Absent;
        var source = string.Concat(Enumerable.Repeat("false ? 0 : ", 80)) + "1" + string.Concat(Enumerable.Repeat(".with(v, [v])", 120));
        var thread = new Thread(() => kind = GatewayExpressions.Compile(source).Program?.Evaluate(new TestActivation()).Kind ?? CelKind.Error, maxStackSize: 512 * 1024);
        thread.Start();
        thread.Join();
        Assert.Equal(CelKind.List, kind);
    }

    private sealed class EndlessList : CelList
    {
        public override int Count => 1;

        public override CelValue this[int index] => CelValue.FromList(this);
    }
}
