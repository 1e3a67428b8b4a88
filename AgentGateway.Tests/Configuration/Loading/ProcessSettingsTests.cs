using Xunit;

namespace AgentGateway.Tests.Configuration.Loading;

public sealed class ProcessSettingsTests
{
    [Theory]
    [InlineData("config: {logging: {level: debug}}", "trace", "trace")]
    [InlineData("config: {logging: {level: [info, 'agentgateway::mcp=trace']}}", null, "info,agentgateway::mcp=trace")]
    [InlineData("{}", "warn", "warn")]
    [InlineData("{}", null, "info")]
    public void Load_LogLevel_TheEnvironmentWins(string text, string? variable, string expected)
    {
        var environment = variable is null ? null : new Dictionary<string, string> { ["RUST_LOG"] = variable };

        Assert.Equal(expected, TestLoad.LoadValid(text, environment).Settings!.LogLevel);
    }

    [Theory]
    [InlineData("no: json", "config.modelCatalog[0].file", "unknown field `no`")]
    [InlineData("{", "config.modelCatalog[0].file", "not well-formed")]
    [InlineData("""{"providers": {"openai": {"models": {"m": {"rates": {"input": 2.5}}}}}}""", "config.modelCatalog[0].file", "providers.openai.models.m.rates.input: invalid type")]
    public void Load_ModelCatalogFileIsBroken_NamesTheFileAndThePlaceInIt(string content, string path, string message)
    {
        var errors = TestLoad.Load("config: {modelCatalog: [{file: prices.json}]}", files: new Dictionary<string, string> { ["prices.json"] = content }).Errors;

        var error = Assert.Single(errors);
        Assert.Equal(path, error.Path);
        Assert.StartsWith("cannot use file `prices.json`: ", error.Message, StringComparison.Ordinal);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_ModelCatalogAsText_NamesThePlaceInIt()
    {
        var error = TestLoad.SingleError("""config: {modelCatalog: [{inline: '{"providers": {"a": {"model": {}}}}'}]}""");

        Assert.Equal("config.modelCatalog[0].inline", error.Path);
        Assert.Contains("not a readable catalogue: providers.a.model: unknown field `model`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TiersThatDoNotRise_AreRefused()
    {
        var error = TestLoad.SingleError(
            """
            config:
              modelCatalog:
              - inline: {providers: {a: {models: {m: {tiers: [{contextOver: 200000, rates: {}}, {contextOver: 200000, rates: {}}]}}}}}
            """);

        Assert.EndsWith("models.m.tiers[1]", error.Path, StringComparison.Ordinal);
        Assert.Contains("contextOver 200000 does not rise", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_TracingHeadersByPolicy_GoWithTheExport()
    {
        var tracing = TestLoad.LoadValid(
            "frontendPolicies: {tracing: {host: 'localhost:4317', policies: {requestHeaderModifier: {set: {Authorization: Basic abc}}, backendTLS: {}}}}", forRuntime: true).Snapshot!.Tracing!;

        Assert.Equal("Basic abc", tracing.Headers["authorization"].Reveal());
        Assert.Equal("https", tracing.Endpoint.Scheme);
    }

    [Theory]
    [InlineData("backendTLS: {insecure: true}", "backendTLS")]
    [InlineData("backendAuth: {key: k}", "backendAuth")]
    public void Load_TracingPolicyThatTheExporterDoesNotActOn_IsRefusedAtRunTime(string policy, string key)
    {
        var result = TestLoad.Load($"frontendPolicies: {{tracing: {{host: 'localhost:4317', policies: {{{policy}}}}}}}", forRuntime: true);

        var error = Assert.Single(result.Errors);
        Assert.StartsWith($"not supported yet: frontendPolicies.tracing.policies.{key}", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{}", "ADMIN_ADDR", "nonsense", "config.adminAddr: ADMIN_ADDR: invalid address; write ip:port, localhost:port, unix:/path or off")]
    [InlineData("binds: []", "STATS_ADDR", "stats.internal:1", "config.statsAddr: STATS_ADDR: invalid address; write ip:port, localhost:port, unix:/path or off")]
    [InlineData("{}", "SESSION_KEY", "zz", "config.session: SESSION_KEY: write 64 hexadecimal digits (32 bytes)")]
    [InlineData("config: {adminAddr: localhost:1}", "ADMIN_ADDR", "nonsense", "config.adminAddr: ADMIN_ADDR: invalid address; write ip:port, localhost:port, unix:/path or off")]
    public void Load_VariableThatIsWrong_IsAnErrorWithAndWithoutASection(string text, string variable, string value, string expected)
    {
        var error = TestLoad.SingleError(text, new Dictionary<string, string> { [variable] = value });

        Assert.Equal(expected, $"{error.Path}: {error.Message}");
    }

    [Theory]
    [InlineData("host.internal:15000", false)]
    [InlineData("localhost", false)]
    [InlineData("localhost:15000", true)]
    [InlineData("LOCALHOST:0", true)]
    [InlineData("127.0.0.1:0", true)]
    [InlineData("'[::1]:15000'", true)]
    [InlineData("unix:/run/admin.sock", true)]
    public void Load_Address_IsOneThatCanBeListenedOn(string address, bool valid) =>
        Assert.Equal(valid, TestLoad.Load($"config: {{adminAddr: {address}}}").IsValid);

    [Fact]
    public void Load_TracingHeaderThatCannotBeSent_IsRefused() =>
        Assert.Equal(
            "the value of `x-key` cannot be sent: it has a line break or another control character; remove it",
            TestLoad.SingleError("config: {tracing: {otlpEndpoint: 'http://c:1', headers: {x-key: \"a\\nb\"}}}").Message);
}
