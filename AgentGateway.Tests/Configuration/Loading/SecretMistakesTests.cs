using Xunit;

namespace AgentGateway.Tests.Configuration.Loading;

/// <summary>A secret in the wrong place or of the wrong type is refused, and not repeated.</summary>
public sealed class SecretMistakesTests
{
    private const string Secret = "7313371337";

    [Theory]
    [InlineData("config: {session: {key: 7313371337}}")]
    [InlineData("config: {session: 7313371337}")]
    [InlineData("config: {database: 'postgres://u:7313371337@h/db'}")]
    [InlineData("config: {database: {url: 7313371337}}")]
    [InlineData("config: {caAuthToken: 7313371337}")]
    [InlineData("config: {tracing: {otlpEndpoint: 'http://h:1', headers: 'authorization=7313371337'}}")]
    [InlineData("mcp: {targets: [{name: a, stdio: {cmd: c, env: {TOKEN: 7313371337}}}]}")]
    [InlineData("mcp: {targets: [{name: a, stdio: {cmd: c, env: 'TOKEN=7313371337'}}]}")]
    [InlineData("gateways: {g: {port: 1, apiKey: 'sk-7313371337'}}")]
    [InlineData("gateways: {g: {port: 1, apiKey: {keys: ['sk-7313371337']}}}")]
    [InlineData("gateways: {g: {port: 1, apiKey: {keys: 'sk-7313371337'}}}")]
    [InlineData("gateways: {g: {port: 1, basicAuth: 'user:7313371337'}}")]
    [InlineData("gateways: {g: {port: 1, basicAuth: {htpasswd: ['user:7313371337']}}}")]
    [InlineData("backends: [{name: b, host: 'a:1', policies: {backendAuth: 'sk-7313371337'}}]")]
    [InlineData("backends: [{name: b, host: 'a:1', policies: {backendAuth: {credentials: 'sk-7313371337'}}}]")]
    [InlineData("backends: [{name: b, host: 'a:1', policies: {backendAuth: {aws: 'sk-7313371337'}}}]")]
    [InlineData("llm: {models: [{name: m, provider: openai, params: 'sk-7313371337'}]}")]
    [InlineData("llm: {models: [{name: m, provider: openai, params: {apiKey: 7313371337}}]}")]
    public void Load_SecretWhereSomethingElseBelongs_IsRefusedAndNotRepeated(string text)
    {
        var errors = TestLoad.Load(text).Errors;

        Assert.NotEmpty(errors);
        Assert.DoesNotContain(errors, static error => error.ToString().Contains(Secret, StringComparison.Ordinal));
    }
}
