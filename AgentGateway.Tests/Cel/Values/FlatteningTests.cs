using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Values;

public sealed class FlatteningTests
{
    private static readonly TestActivation Activation = Expressions.With((GatewayVariables.Llm, """
        {
          "prompt": [{"role": "system", "content": "Be brief"}, {"role": "user", "content": "Hi"}],
          "completion": ["Hello"],
          "params": {"temperature": 0.7, "max_tokens": 64},
          "streaming": true
        }
        """));

    [Theory]
    [InlineData("flatten_recursive(llm.prompt.map(c, {'message': c}))", "k.0.message.role=String:system", "k.0.message.content=String:Be brief", "k.1.message.role=String:user", "k.1.message.content=String:Hi")]
    [InlineData("flatten_recursive(llm.completion.map(c, {'role':'assistant','content':c}))", "k.0.role=String:assistant", "k.0.content=String:Hello")]
    [InlineData("flattenRecursive(llm.prompt)", "k.0.role=String:system", "k.0.content=String:Be brief", "k.1.role=String:user", "k.1.content=String:Hi")]
    [InlineData("flatten(llm.prompt)", "k.0=String:{\"role\":\"system\",\"content\":\"Be brief\"}", "k.1=String:{\"role\":\"user\",\"content\":\"Hi\"}")]
    [InlineData("llm.prompt", "k=String:[{\"role\":\"system\",\"content\":\"Be brief\"},{\"role\":\"user\",\"content\":\"Hi\"}]")]
    [InlineData("flatten(llm.params)", "k.temperature=Double:0.7", "k.max_tokens=Int:64")]
    [InlineData("llm.streaming", "k=Bool:true")]
    [InlineData("flattenRecursive({'a': [], 'b': {}, 'c': null, 'd': [1, [2u]]})", "k.d.0=Int:1", "k.d.1.0=Uint:2")]
    [InlineData("flatten({'a': flattenRecursive([[1]]), 'b': [2]})", "k.a.0.0=Int:1", "k.b=String:[2]")]
    [InlineData("flatten([duration('1.5s'), b'a', timestamp(0)])", "k.0=String:1.5s", "k.1=String:YQ==", "k.2=String:1970-01-01T00:00:00Z")]
    [InlineData("true ? flatten([true]) : null", "k.0=Bool:true")]
    [InlineData("null")]
    [InlineData("llm.missing")]
    [InlineData("optional.none()")]
    [InlineData("optional.of('x')", "k=String:x")]
    public void Expand_Value_GivesTheseAttributes(string source, params string[] expected)
    {
        var attributes = new AttributeList();

        CelFlattening.Expand("k", Expressions.Evaluate(source, Activation), attributes);

        Assert.Equal(expected, attributes.Items);
    }

    [Fact]
    public void In_Marker_IsAnError() => Assert.Equal(CelErrorCode.MisplacedFlatten, Expressions.ErrorCode("flatten([1]) in [1]"));

    [Fact]
    public void Expand_MoreLeavesThanAllowed_StopsAndSaysSo()
    {
        var attributes = new AttributeList();

        Assert.False(CelFlattening.Expand("k", Expressions.Evaluate("flatten(lists.range(100000))"), attributes));
        Assert.Equal(CelFlattening.MaxAttributes, attributes.Items.Count);
    }

    [Fact]
    public void Expand_MarkerInsideAPlainList_GivesNothingAndSaysSo()
    {
        var attributes = new AttributeList();

        Assert.False(CelFlattening.Expand("k", Expressions.Evaluate("[flatten([1])]"), attributes));
        Assert.Empty(attributes.Items);
    }
}
