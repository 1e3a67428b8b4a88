using Xunit;
using static AgentGateway.Tests.Configuration.TestLoad;

namespace AgentGateway.Tests.Configuration;

/// <summary>Settings of policies that are understood and change nothing: named at load, with their place.</summary>
public sealed class IneffectiveSettingsTests
{
    private const string Place = "binds[0].listeners[0].routes[0].policies.";

    [Theory]
    [InlineData("requestHeaderModifier: {set: {Content-Length: '5'}}", "requestHeaderModifier.set.Content-Length", "whoever sends the message says how long it is")]
    [InlineData("requestHeaderModifier: {add: {':path': /x}}", "requestHeaderModifier.add.:path", "use urlRewrite or transformations")]
    [InlineData("requestHeaderModifier: {remove: [x, ':method']}", "requestHeaderModifier.remove[1]", "cannot be removed")]
    [InlineData("responseHeaderModifier: {set: {transfer-encoding: chunked}}", "responseHeaderModifier.set.transfer-encoding", "whoever sends the message")]
    [InlineData("responseHeaderModifier: {set: {host: a}}", "responseHeaderModifier.set.host", "a response has no such header")]
    [InlineData("transformations: {request: {set: {':status': '200'}}}", "transformations.request.set.:status", "a request has no such header")]
    [InlineData("transformations: {request: {set: {':path': '\"/a\"'}}, response: {set: {':path': '\"/a\"'}}}", "transformations.response.set.:path", "a response has no such header")]
    [InlineData("transformations: {conditional: [{condition: 'true', response: {remove: [':status']}}]}", "transformations.conditional[0].response.remove[0]", "cannot be removed")]
    [InlineData("directResponse: {status: 200, headers: {':status': '201'}}", "directResponse.headers.:status", "the key `status` says the status")]
    [InlineData("directResponse: {conditional: [{status: 200, headers: {content-length: '\"1\"'}}]}", "directResponse.conditional[0].headers.content-length", "whoever sends the message")]
    [InlineData("localRateLimit: [{maxTokens: 5, fillInterval: 1s}]", "localRateLimit[0]", "never fills again once it is empty")]
    [InlineData("localRateLimit: {conditional: [{fillInterval: 1s}]}", "localRateLimit.conditional[0]", "refuses every request")]
    [InlineData("localRateLimit: [{maxTokens: 5, tokensPerFill: 1, fillInterval: 1s}, {maxTokens: 5, tokensPerFill: 1, fillInterval: 1s, type: tokens}]", "localRateLimit[1]", "counts the tokens of LLM calls only")]
    [InlineData("jwtAuth: {issuer: i, audiences: [], jwks: '{\"keys\":[]}'}", "jwtAuth.audiences", "no token is accepted")]
    [InlineData("jwtAuth: {providers: [{issuer: i, jwks: '{\"keys\":[]}'}, {issuer: j, audiences: [], jwks: '{\"keys\":[]}'}]}", "jwtAuth.providers[1].audiences", "no token is accepted")]
    [InlineData("mcpAuthentication: {issuer: 'https://i', audiences: [], resourceMetadata: {}}", "mcpAuthentication.audiences", "no token is accepted")]
    [InlineData("csrf: {additionalOrigins: ['https://a.example', example.com]}", "csrf.additionalOrigins[1]", "`example.com` matches no request")]
    [InlineData("csrf: {additionalOrigins: ['*']}", "csrf.additionalOrigins[0]", "`*` matches no request")]
    [InlineData("apiKey: {keys: [{key: a}, {keyHash: 'sha256:ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb'}]}", "apiKey.keys[1]", "it is the key of keys[0]")]
    public void Load_SettingWithoutEffect_WarnsAtItsPlace(string policy, string path, string message)
    {
        var warning = Assert.Single(Warnings(policy));

        Assert.Equal(Place + path, warning.Path);
        Assert.Contains(message, warning.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("requestHeaderModifier: {set: {host: 'a.example:8080', ':authority': '[::1]:80', x-a: b}, remove: [content-length]}")]
    [InlineData("transformations: {request: {set: {':method': '\"PUT\"', ':scheme': '\"http\"'}}, response: {set: {':status': '201'}}}")]
    [InlineData("csrf: {additionalOrigins: ['https://*.example', 'http://a:80/', 'null']}")]
    [InlineData("localRateLimit: [{maxTokens: 5, tokensPerFill: 1, fillInterval: 1s}]")]
    [InlineData("apiKey: {keys: [{key: a}, {key: A}]}")]
    public void Load_SettingWithEffect_WarnsOfNothing(string policy) => Assert.Empty(Warnings(policy));

    [Theory]
    [InlineData("urlRewrite: {path: {full: x}}", "urlRewrite.path.full", "a path starts with `/`")]
    [InlineData("urlRewrite: {path: {full: '/x#y'}}", "urlRewrite.path.full", "a path has no fragment")]
    [InlineData("requestRedirect: {path: {prefix: evil.example}}", "requestRedirect.path.prefix", "a path starts with `/`")]
    [InlineData("urlRewrite: {path: {prefix: '/x?y=1'}}", "urlRewrite.path.prefix", "a prefix has no query")]
    [InlineData("urlRewrite: {authority: {host: 'a:80'}}", "urlRewrite.authority.host", "a host has no port")]
    [InlineData("requestHeaderModifier: {set: {host: a/b}}", "requestHeaderModifier.set.host", "invalid authority `a/b`")]
    [InlineData("requestHeaderModifier: {add: {':authority': ''}}", "requestHeaderModifier.add.:authority", "invalid authority ``")]
    public void Load_ValueThatCannotStandInARequest_IsAnError(string policy, string path, string message)
    {
        var error = SingleError(Document(policy));

        Assert.Equal(Place + path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    private static IEnumerable<AgentGateway.Configuration.Loading.ConfigurationProblem> Warnings(string policy) => LoadValid(Document(policy)).Warnings;

    private static string Document(string policy) => $"binds: [{{port: 1, listeners: [{{routes: [{{policies: {{{policy}}}, backends: [{{host: 'a:1'}}]}}]}}]}}]";
}
