using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Cel.Checking;

public sealed class CheckerTests
{
    [Theory]
    [InlineData("llm.inputTokns", "llm.inputTokens")]
    [InlineData("llm.InputTokens", "llm.inputTokens")]
    [InlineData("reqest.path", "request")]
    [InlineData("mcp.tool.nane", "mcp.tool.name")]
    [InlineData("request.path.startWith('/a')", "startsWith")]
    [InlineData("flatenRecursive(llm.prompt)", "flattenRecursive")]
    [InlineData("base64.encod('a')", "base64.encode")]
    [InlineData("llm['promt']", "llm.prompt")]
    public void Compile_UnknownName_WarnsWithASuggestion(string source, string suggestion)
    {
        var compilation = GatewayExpressions.Compile(source);

        var warning = Assert.Single(compilation.Diagnostics);
        Assert.Equal(CelDiagnosticSeverity.Warning, warning.Severity);
        Assert.Equal(suggestion, warning.Suggestion);
        Assert.Contains($"did you mean `{suggestion}`?", warning.Message, StringComparison.Ordinal);
        Assert.True(compilation.Succeeded);
        Assert.Equal(compilation.Diagnostics, compilation.Program.Warnings);
    }

    [Theory]
    [InlineData("zzz_unknown_thing")]
    [InlineData("request.zzz")]
    public void Compile_UnknownNameLikeNoOther_WarnsWithoutASuggestion(string source) =>
        Assert.Null(Assert.Single(GatewayExpressions.Compile(source).Diagnostics).Suggestion);

    [Theory]
    [InlineData("size()", "expected 1")]
    [InlineData("'a'.startsWith()", "expected 1")]
    [InlineData("'a'.substring(1, 2, 3)", "expected 1 or 2")]
    [InlineData("startsWith('a', 'b')", "is a method")]
    [InlineData("'a'.json()", "is a function")]
    [InlineData("1 + 'a'", "no matching overload")]
    [InlineData("'a' * 2", "no matching overload")]
    [InlineData("!5", "no matching overload")]
    [InlineData("5 && true", "expected type 'bool'")]
    [InlineData("5.exists(x, true)", "cannot be range")]
    [InlineData("[1].all(x, x + 1)", "bool condition")]
    [InlineData("'a'.b", "does not support field selection")]
    [InlineData("Message{a: 1}", "no message types")]
    [InlineData("'%s %s'.format(['a', 'b', 'c'])", "it has 2 clauses, the list has 3")]
    [InlineData("'%s: %.2f'.format([request.path])", "it has 2 clauses, the list has 1")]
    [InlineData("'100%%'.format([1])", "it has 0 clauses, the list has 1")]
    public void Compile_WrongUse_Warns(string source, string part) =>
        Assert.Contains(GatewayExpressions.Compile(source).Diagnostics, d => d.Severity == CelDiagnosticSeverity.Warning && d.Message.Contains(part, StringComparison.Ordinal));

    [Theory]
    [InlineData("nobody")]
    [InlineData("llm.nothing")]
    [InlineData("nothing(1)")]
    [InlineData("size(1, 2)")]
    [InlineData("1 + 'a'")]
    public void Compile_StrictMode_MakesThemErrors(string source)
    {
        var compilation = GatewayExpressions.Environment.Compile(source, strict: true);

        Assert.False(compilation.Succeeded);
        Assert.All(compilation.Diagnostics, static d => Assert.Equal(CelDiagnosticSeverity.Error, d.Severity));
    }

    [Fact]
    public void Compile_SeveralUnknownNames_ReportsAll() =>
        Assert.Equal(3, GatewayExpressions.Compile("nobody == llm.nothing || nothing(request.path)").Diagnostics.Count);

    [Theory]
    [InlineData("llm.inputTokens + 1 > 5")]
    [InlineData("response.code == 200 || response.code in [200, 201]")]
    [InlineData("jwt.sub == 'a' && jwt.any.claim['at'].all == 1")]
    [InlineData("jwt == null ? 'anonymous' : jwt.sub")]
    [InlineData("request.headers['x'] == 'a' || request.headers.x.contains('b')")]
    [InlineData("request.headers.redacted().split()['accept'].exists(a, a == 'x')")]
    [InlineData("llm.request_model == llm.requestModel")]
    [InlineData("'a' in request.path")]
    [InlineData("flatten_recursive(llm.prompt.map(c, {'message': c}))")]
    [InlineData("{'a': 1, 'b': 'x'}.mapValues(v, string(v)).filterKeys(k, k != 'a').merge({'c': 2})")]
    [InlineData("request.startTime - request.endTime < duration('1s')")]
    [InlineData("json(request.body).with(b, b.x + b.y)")]
    [InlineData("source.subjectAltNames.exists(n, n.startsWith('spiffe://'))")]
    [InlineData("cidr('10.0.0.0/8').containsIP(source.address)")]
    [InlineData("string(jwt.rawToken) + jwt.rawToken.unredacted()")]
    [InlineData("math.greatest(1, 2u, 3.0) > 1")]
    [InlineData("'%d%% of %s'.format([1, request.path]) + request.path.format([1]) + '%s'.format(jwt.groups) + '%s'.format([?jwt.?a])")]
    [InlineData("form.encode(form.decode(request.body).merge({'client_id': 'x'}))")]
    [InlineData("mcp.tool.arguments.name == 'x' && has(mcp.tool.error)")]
    public void Compile_UsualExpressions_AreFreeOfWarnings(string source) => Assert.Empty(GatewayExpressions.Compile(source).Diagnostics);

    [Theory]
    [InlineData("1 + 2", "int")]
    [InlineData("[1, 'a']", "list(dyn)")]
    [InlineData("{'a': [1u]}", "map(string, list(uint))")]
    [InlineData("request.path", "string")]
    [InlineData("llm.prompt.map(c, c.role == 'user')", "list(bool)")]
    [InlineData("optional.of(1)", "optional_type(int)")]
    [InlineData("[[1]][0][0]", "int")]
    [InlineData("llm.cost.cache_read", "double")]
    public void ResultType_Expression_IsInferred(string source, string type) => Assert.Equal(type, Expressions.Compile(source).ResultType.ToString());
}
