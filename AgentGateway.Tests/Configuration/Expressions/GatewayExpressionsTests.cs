using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using AgentGateway.Tests.Cel;
using Xunit;

namespace AgentGateway.Tests.Configuration.Expressions;

public sealed class GatewayExpressionsTests
{
    private static readonly TestActivation Activation = new()
    {
        Values =
        {
            [GatewayVariables.Request] = CelValue.FromMap(new Request()),
            [GatewayVariables.Mcp] = AgentGateway.Tests.Cel.Expressions.Json("""{"tool":{"name":"add","arguments":{"a":1}}}"""),
        },
    };

    [Theory]
    [InlineData("request.headers.host == 'gateway'")]
    [InlineData("request.headers['HOST'] == 'gateway'")]
    [InlineData("request.headers['x-multi'] == ['a,b', 'c']")]
    [InlineData("request.headers.join()['x-multi'] == 'a,b,c'")]
    [InlineData("request.headers.raw()['x-multi'] == ['a,b', 'c'] && request.headers.raw().host == ['gateway']")]
    [InlineData("request.headers.split()['x-multi'] == ['a', 'b', 'c']")]
    [InlineData("request.headers.redacted().authorization == '<redacted>'")]
    [InlineData("request.headers.redacted().split()['authorization'] == ['<redacted>']")]
    [InlineData("request.headers.raw().join()['x-multi'] == 'a,b,c'")]
    [InlineData("request.headers.redacted().host == 'gateway'")]
    [InlineData("request.headers.authorization == 'Bearer t'")]
    [InlineData("request.headers.cookie('session') == 'abc' && request.headers.cookie('theme') == 'dark=1'")]
    [InlineData("has(request.headers.host) && !has(request.headers.missing)")]
    [InlineData("default(request.headers['missing'], 'x') == 'x'")]
    [InlineData("request.headers.map(h, h) == ['host', 'x-multi', 'authorization', 'cookie']")]
    [InlineData("request.headers.exists(k, v, k == 'host' && v == 'gateway')")]
    [InlineData("'host' in request.headers && size(request.headers) == 4")]
    [InlineData("request.headers.filterKeys(k, k.startsWith('x-')) == {'x-multi': ['a,b', 'c']}")]
    [InlineData("toJson(request.headers.redacted().filterKeys(k, k == 'authorization')) == '{\"authorization\":\"<redacted>\"}'")]
    [InlineData("request.uri.query('q') == ['1', 'two words'] && request.pathAndQuery.query('empty') == ['']")]
    [InlineData("request.path_and_query.startsWith('/path?')")]
    [InlineData("request.pathAndQuery.addQuery('n', 'a&b') == '/path?q=1&q=two+words&empty=&n=a%26b'")]
    [InlineData("request.pathAndQuery.setQuery('q', 'new').setQuery('z', '1') == '/path?q=new&empty=&z=1'")]
    [InlineData("'https://h/p#frag'.addQuery('a', 'b') == 'https://h/p?a=b#frag'")]
    [InlineData("default(request.uri.query('none'), []) == []")]
    [InlineData("mcp.tool.name == 'add' && mcp.tool['arguments'].a == 1 && mcp.method_name != 'x' || mcp.tool.name == 'add'")]
    [InlineData("json(request.body).n == 5 && json(request.body)['n'] == 5 && string(request.body).startsWith('{')")]
    public void Evaluate_RequestExpression_Holds(string source)
    {
        var program = GatewayExpressions.Compile(source).Program!;

        Assert.True(program.Evaluate(Activation).IsTrue, program.Evaluate(Activation).ToString());
    }

    [Theory]
    [InlineData("request.headers.missing", CelErrorCode.NoSuchKey)]
    [InlineData("request.headers.cookie('none')", CelErrorCode.NoSuchKey)]
    [InlineData("request.uri.query('none')", CelErrorCode.NoSuchKey)]
    [InlineData("{'a': 1}.join()", CelErrorCode.NoSuchOverload)]
    [InlineData("request.method", CelErrorCode.NoSuchKey)]
    public void Evaluate_WhatIsNotThere_HasItsError(string source, CelErrorCode code) =>
        Assert.Equal(code, GatewayExpressions.Compile(source).Program!.Evaluate(Activation).Error!.Code);

    [Fact]
    public void Types_EveryMember_IsFoundUnderBothSpellings()
    {
        foreach (var variable in GatewayExpressions.Environment.Variables)
            CheckSpellings(variable.Type);

        static void CheckSpellings(CelType type)
        {
            if (type.ObjectType is not { } objectType)
                return;
            foreach (var member in objectType.Members)
            {
                var snake = string.Concat(member.Name.Select(static c => char.IsAsciiLetterUpper(c) ? "_" + char.ToLowerInvariant(c) : c.ToString()));
                Assert.True(objectType.TryFind(member.Name, out var found) && found.Id == member.Id);
                Assert.True(objectType.TryFind(snake, out found) && found.Id == member.Id);
                CheckSpellings(member.Type);
            }
        }
    }

    [Fact]
    public void Variables_Slots_AreAllDifferentAndCounted()
    {
        var slots = GatewayExpressions.Environment.Variables.Select(static v => v.Slot).Order();

        Assert.Equal(Enumerable.Range(0, GatewayVariables.Count), slots);
    }

    private sealed class Request : CelObject
    {
        private static readonly TestHeaders Headers = new(("host", "gateway"), ("x-multi", "a,b"), ("x-multi", "c"), ("authorization", "Bearer t"), ("cookie", "session=\"abc\"; theme=dark=1"));

        public override CelObjectType Type => GatewayTypes.Request;

        public override CelValue GetMember(int member) => member switch
        {
            RequestMember.Headers => CelValue.FromMap(Headers),
            RequestMember.Uri => CelValue.FromString("http://gateway/path?q=1&q=two+words&empty="),
            RequestMember.PathAndQuery => CelValue.FromString("/path?q=1&q=two+words&empty="),
            RequestMember.Body => CelValue.FromBytes("{\"n\":5}"u8.ToArray()),
            _ => default,
        };
    }
}
