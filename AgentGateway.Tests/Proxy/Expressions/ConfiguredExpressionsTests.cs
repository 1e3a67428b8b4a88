using System.Text;
using AgentGateway.Configuration.Loading;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Expressions;

/// <summary>Settings of expressions as users write them, from the text of a configuration to requests over the wire.</summary>
public sealed class ConfiguredExpressionsTests
{
    private const string Functions = """
        customFunctions: |
          # who may enter
          member(name, teams...) { name in teams || this_is(name, "root") }
          this_is(a, b) { a == b }
          this.initial() { this.substring(0, 1).upperAscii() }
        """;

    [Fact]
    public async Task CustomFunctions_PoliciesLogsAndTransformations_AllCallThem()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, Functions, """
            policies:
              authorization:
                rules: ['member(request.headers["x-user"], "alice", "bob")']
              transformations:
                request:
                  set:
                    x-initial: 'request.headers["x-user"].initial()'
            """, "frontendPolicies:\n  accessLog:\n    add:\n      initial: 'request.headers[\"x-user\"].initial()'\n");

        Assert.Equal(200, (await SendAsync(gateway, "alice")).Status);
        Assert.Equal("A", upstream.Last.Header("x-initial"));
        Assert.Equal(200, (await SendAsync(gateway, "root")).Status);
        Assert.Equal(403, (await SendAsync(gateway, "eve")).Status);
    }

    [Fact]
    public async Task SensitiveHeaders_RedactedView_MasksThemInEveryCase()
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(upstream, "sensitiveHeaders: [X-Internal-Token]", """
            policies:
              transformations:
                response:
                  set:
                    x-shown: 'request.headers.redacted()["x-internal-token"] + " " + request.headers.redacted()["x-user"]'
                    x-all: 'toJson(request.headers.redacted()).contains("s3cret")'
                    x-plain: 'request.headers["x-internal-token"]'
                    x-own: 'string("x-secret" in response.headers.redacted())'
            """);

        var answer = await SendAsync(gateway, "alice");

        Assert.Equal("<redacted> alice", answer.Headers["x-shown"]);
        Assert.Equal("false", answer.Headers["x-all"]);
        Assert.Equal("s3cret", answer.Headers["x-plain"]);
    }

    [Theory]
    [InlineData("f(a) { a + }", "config.customFunctions", "invalid function")]
    [InlineData("f(a) { g(a) } g(a) { f(a) }", "config.customFunctions", "cannot be recursive")]
    [InlineData("f() { 1 } f() { 2 }", "config.customFunctions", "defined twice")]
    [InlineData("size(a) { 1 }", "config.customFunctions", "existing function")]
    [InlineData("f(a, a) { 1 }", "config.customFunctions", "two parameters 'a'")]
    public void CustomFunctions_BadDefinitions_AreRefusedAtTheirPlace(string definitions, string path, string message)
    {
        var result = Load($"customFunctions: '{definitions}'", "policies: {}", 1);

        var error = Assert.Single(result.Errors);
        Assert.Equal(path, error.Path);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Load_OtherCustomFunctions_MakesOtherExpressions()
    {
        const string Route = "policies:\n  authorization:\n    rules: ['allowed()']";
        var one = Load("customFunctions: 'allowed() { true }'", Route, 1).Snapshot;
        var same = Load("customFunctions: 'allowed() { true }'", Route, 1).Snapshot;
        var other = Load("customFunctions: 'allowed() { false }'", Route, 1).Snapshot;

        Assert.Equal(one, same);
        Assert.NotEqual(one, other);
    }

    private static async Task<TestGateway> StartAsync(TestUpstream upstream, string config, string route, string more = "")
    {
        var result = Load(config, route, upstream.Port, more);
        Assert.Empty(result.Errors);
        var snapshot = result.Snapshot!;
        return await TestGateway.StartAsync(snapshot with { Binds = [snapshot.Binds[0] with { Port = 0 }] }, result.Settings);
    }

    private static LoadResult Load(string config, string route, int port, string more = "")
    {
        var text = new StringBuilder(more).Append("config:\n").Append(Indent(config, 2)).Append("binds:\n- port: 3000\n  listeners:\n  - routes:\n    - backends:\n      - host: localhost:").Append(port).Append('\n').Append(Indent(route, 6));
        return ConfigurationLoader.Load(text.ToString(), "test.yaml", LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null });
    }

    private static string Indent(string text, int spaces) => string.Concat(text.Split('\n').Select(line => new string(' ', spaces) + line.TrimEnd('\r') + "\n"));

    private static async Task<(int Status, Dictionary<string, string> Headers)> SendAsync(TestGateway gateway, string user)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.TryAddWithoutValidation("x-user", user);
        request.Headers.TryAddWithoutValidation("x-internal-token", "s3cret");
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return ((int)response.StatusCode, response.Headers.ToDictionary(static h => h.Key, static h => string.Join(',', h.Value), StringComparer.OrdinalIgnoreCase));
    }
}
