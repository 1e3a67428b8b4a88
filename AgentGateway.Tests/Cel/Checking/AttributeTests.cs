using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Checking;

public sealed class AttributeTests
{
    [Theory]
    [InlineData("llm.prompt", "llm.prompt")]
    [InlineData("llm['prompt']", "llm.prompt")]
    [InlineData("llm[?'prompt']", "llm.prompt")]
    [InlineData("llm.?prompt", "llm.prompt")]
    [InlineData("has(llm.prompt)", "llm.prompt")]
    [InlineData("size(llm.prompt) > 0", "llm.prompt")]
    [InlineData("llm.prompt.map(c, c.content)", "llm.prompt")]
    [InlineData("llm.with(l, l.prompt)", "llm.prompt")]
    [InlineData("cel.bind(l, llm, cel.bind(m, l, m['prompt']))", "llm.prompt")]
    [InlineData("llm.prompt[0].content", "llm.prompt")]
    [InlineData("'x'.with(k, llm.prompt)", "llm.prompt")]
    [InlineData("flatten(llm.prompt)", "llm.prompt")]
    [InlineData("[1].map(i, llm.prompt[i])", "llm.prompt")]
    [InlineData("llm.?prompt.optMap(p, 1)", "llm.prompt")]
    [InlineData("llm.prompt.with(p, 1)", "llm.prompt")]
    [InlineData("cel.bind(p, llm['prompt'], true)", "llm.prompt")]
    [InlineData("cel.bind(l, llm, cel.bind(p, l.prompt, cel.bind(q, p, true)))", "llm.prompt")]
    [InlineData("google.protobuf.ListValue{values: llm.prompt}", "llm.prompt")]
    public void Attributes_PathHoweverWritten_IsSeen(string source, string path)
    {
        var attributes = Expressions.Compile(source).Attributes;

        Assert.Equal([path], attributes.Paths);
        Assert.True(attributes.Reads(GatewayVariables.Llm));
        Assert.True(attributes.Reads(GatewayVariables.Llm, LlmMember.Prompt));
        Assert.False(attributes.Reads(GatewayVariables.Llm, LlmMember.Completion));
        Assert.False(attributes.Reads(GatewayVariables.Request));
    }

    [Theory]
    [InlineData("llm")]
    [InlineData("flatten(llm)")]
    [InlineData("llm[request.path]")]
    [InlineData("[llm].map(l, l.provider)")]
    [InlineData("llm.map(k, k)")]
    [InlineData("(true ? llm : mcp).provider")]
    [InlineData("llm.with(l, l)")]
    [InlineData("toJson(llm)")]
    public void Attributes_MemberChosenAtRunTime_CountsAsAll(string source)
    {
        var attributes = Expressions.Compile(source).Attributes;

        Assert.True(attributes.Reads(GatewayVariables.Llm, LlmMember.Prompt));
        Assert.True(attributes.Reads(GatewayVariables.Llm, LlmMember.Completion));
    }

    [Theory]
    [InlineData("llm == null")]
    [InlineData("null != llm")]
    public void Attributes_ComparisonWithNull_ReadsNoMember(string source)
    {
        var attributes = Expressions.Compile(source).Attributes;

        Assert.True(attributes.Reads(GatewayVariables.Llm));
        Assert.False(attributes.Reads(GatewayVariables.Llm, LlmMember.Prompt));
    }

    [Fact]
    public void Attributes_Variables_IsEverything()
    {
        var attributes = Expressions.Compile("variables()").Attributes;

        Assert.True(attributes.ReadsEverything);
        Assert.True(attributes.Reads(GatewayVariables.Request, RequestMember.Body));
        Assert.Equal(["*"], attributes.Paths);
    }

    [Fact]
    public void Attributes_SnakeSpelling_GivesTheDeclaredPath() =>
        Assert.Equal(["llm.inputTokens"], Expressions.Compile("llm.input_tokens").Attributes.Paths);

    [Fact]
    public void Attributes_IndexedByAnotherMember_ReadsBoth() =>
        Assert.Equal(["jwt.sub", "request.headers"], Expressions.Compile("request.headers[jwt.sub]").Attributes.Paths);

    [Fact]
    public void Attributes_Constant_ReadsNothing() => Assert.Same(CelAttributes.None, Expressions.Compile("1 + 1").Attributes);

    [Fact]
    public void Attributes_CustomFunction_ReadsWhatItsBodyReads()
    {
        var environment = GatewayExpressions.Environment.WithCustomFunctions("shown() { llm.prompt } twice() { [shown(), shown()] }", out var diagnostics);

        Assert.Empty(diagnostics);
        Assert.Equal(["llm.prompt"], environment.Compile("twice()").Program!.Attributes.Paths);
    }

    [Fact]
    public void Union_SeveralPrograms_ReadsWhatAnyReads()
    {
        var union = CelAttributes.Union(
            Expressions.Compile("llm.prompt").Attributes, Expressions.Compile("request.body").Attributes, Expressions.Compile("1").Attributes);

        Assert.True(union.Reads(GatewayVariables.Llm, LlmMember.Prompt));
        Assert.True(union.Reads(GatewayVariables.Request, RequestMember.Body));
        Assert.False(union.Reads(GatewayVariables.Request, RequestMember.Path));
        Assert.False(union.Reads(GatewayVariables.Mcp));
        Assert.Equal(["llm.prompt", "request.body"], union.Paths);
    }
}
