using AgentGateway.Configuration.Conversion.Migration;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Configuration.Conversion.Migration;

public sealed class ConfigurationMigrationTests
{
    private const string Logging =
        """
        config:
          adminAddr: localhost:15000  # stays
          logging:
            level: debug
            # only errors
            filter: response.code >= 400
            fields:
              remove:
              - http.version
              add:
                user: jwt.sub
        # the ports
        binds:
        - port: 3000   # main
          listeners: []

        """;

    [Fact]
    public void Migrate_Logging_MovesItAndKeepsTheRest()
    {
        var result = ConfigurationMigration.Migrate(Logging);

        Assert.Equal(
            """
            config:
              adminAddr: localhost:15000  # stays
              logging:
                level: debug
            frontendPolicies:
              # only errors
              accessLog:
                filter: response.code >= 400
                add:
                  user: jwt.sub
                remove:
                - http.version
            # the ports
            binds:
            - port: 3000   # main
              listeners: []

            """,
            result.Text);
        AssertSameMeaning(Logging, result.Text!);
    }

    [Fact]
    public void Migrate_CommentsAtTheEndsOfMovedLines_GoWithThem()
    {
        const string Text =
            """
            config:
              logging:
                # only errors
                filter: response.code >= 400  # and worse
                fields: # of each line
                  add:
                    user: '"# none"'   # who it was
                    text: |  # in words
                      "a # b"
                    other: '"iss#none"'
            binds: []  # stays

            """;

        var result = ConfigurationMigration.Migrate(Text);

        Assert.StartsWith(
            """
            frontendPolicies:
              # only errors
              # and worse
              # of each line
              # who it was
              # in words
              accessLog:
            """.ReplaceLineEndings("\n"),
            result.Text,
            StringComparison.Ordinal);
        Assert.EndsWith("binds: []  # stays\n", result.Text!, StringComparison.Ordinal);
        AssertSameMeaning(Text, result.Text!);
    }

    [Theory]
    [InlineData("otlpEndpoint: http://localhost:4317", "host: localhost:4317")]
    [InlineData("otlpEndpoint: localhost:4317", "host: localhost:4317")]
    [InlineData("otlpEndpoint: grpc://collector", "host: collector:4317")]
    [InlineData("otlpEndpoint: https://collector.example.com", "host: https://collector.example.com")]
    [InlineData("otlpEndpoint: http://localhost:4318\n    otlpProtocol: http", "host: localhost:4318\n    protocol: http\n    randomSampling")]
    [InlineData("otlpEndpoint: https://h.example.com/api/otel\n    otlpProtocol: http", "path: /api/otel/v1/traces")]
    [InlineData("otlpEndpoint: http://localhost:4318\n    otlpProtocol: http\n    path: /own", "path: /own")]
    public void Migrate_Tracing_SendsToTheSamePlace(string endpoint, string expected)
    {
        var text = $"config:\n  tracing:\n    {endpoint}\n    randomSampling: true\n    clientSampling: 0.5\n    fields:\n      add: {{tier: '\"gold\"'}}\n      remove: [http.path]\nbinds: []\n";

        var result = ConfigurationMigration.Migrate(text);

        Assert.DoesNotContain("config:", result.Text, StringComparison.Ordinal);
        Assert.Contains(expected, result.Text, StringComparison.Ordinal);
        AssertSameMeaning(text, result.Text!);
    }

    [Fact]
    public void Migrate_Headers_StayWithTheExport()
    {
        const string Text = "config:\n  tracing:\n    otlpEndpoint: http://localhost:4317\n    headers:\n      Authorization: '\"Basic abc\"'\n      x-team: edge\n";

        var result = ConfigurationMigration.Migrate(Text);

        Assert.Equal(Snapshot(Text).Tracing!.Headers, TestLoad.LoadValid(result.Text!, forRuntime: true).Snapshot!.Tracing!.Headers);
    }

    [Fact]
    public void Migrate_FrontendPoliciesExist_AreAddedTo()
    {
        var result = ConfigurationMigration.Migrate(
            """
            frontendPolicies:
              http: {maxBufferSize: 10}   # small

            config: {tracing: {otlpEndpoint: "$COLLECTOR"}}
            """);

        Assert.Equal("frontendPolicies:\n  http: {maxBufferSize: 10}   # small\n  tracing:\n    host: $COLLECTOR\n\n", result.Text);
        Assert.Contains(result.Notes, static n => n.Path == "config.tracing.otlpEndpoint");
    }

    [Fact]
    public void Migrate_FlowStyle_IsWrittenAnewAndSaysSo()
    {
        const string Text = "# mine\nconfig: {adminAddr: localhost:1, logging: {filter: 'true'}}\nbinds: []\n";

        var result = ConfigurationMigration.Migrate(Text);

        Assert.Equal("config:\n  adminAddr: localhost:1\nbinds: []\nfrontendPolicies:\n  accessLog:\n    filter: \"true\"\n", result.Text);
        Assert.Contains(result.Notes, static n => n.Message.Contains("without its comments", StringComparison.Ordinal));
        AssertSameMeaning(Text, result.Text!);
    }

    [Fact]
    public void Migrate_Json_StaysJson()
    {
        const string Text = """{"config": {"logging": {"filter": "response.code > 1", "level": "info"}}, "binds": []}""";

        var result = ConfigurationMigration.Migrate(Text);

        using var document = System.Text.Json.JsonDocument.Parse(result.Text!);
        Assert.Equal("response.code > 1", document.RootElement.GetProperty("frontendPolicies").GetProperty("accessLog").GetProperty("filter").GetString());
        AssertSameMeaning(Text, result.Text!);
    }

    [Theory]
    [InlineData("config: {adminAddr: localhost:1}\n")]
    [InlineData("config: {logging: {level: debug}}\n")]
    [InlineData("config: {tracing: {}}\n")]
    [InlineData("")]
    public void Migrate_NothingToMove_ChangesNothing(string text) => Assert.Equal(text, ConfigurationMigration.Migrate(text).Text);

    [Theory]
    [InlineData("config: {tracing: {otlpEndpoint: a:1}}\nfrontendPolicies: {tracing: {host: a:1}}", "cannot use deprecated config.tracing together with frontendPolicies.tracing")]
    [InlineData("config: {logging: {filter: 'true'}}\nfrontendPolicies: {logging: {}}", "cannot use deprecated config.logging together with frontendPolicies.accessLog")]
    [InlineData("a: [", "not well-formed YAML")]
    public void Migrate_Ambiguous_IsRefused(string text, string problem)
    {
        var result = ConfigurationMigration.Migrate(text);

        Assert.Null(result.Text);
        Assert.Contains(problem, result.Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Migrate_Twice_ChangesNothingMore()
    {
        var once = ConfigurationMigration.Migrate(Logging).Text!;

        Assert.Equal(once, ConfigurationMigration.Migrate(once).Text);
    }

    [Fact]
    public void Migrate_WindowsLineEnds_Stay()
    {
        var result = ConfigurationMigration.Migrate(Logging.ReplaceLineEndings("\r\n"));

        Assert.Equal(ConfigurationMigration.Migrate(Logging).Text, result.Text!.Replace("\r\n", "\n", StringComparison.Ordinal));
        Assert.DoesNotContain('\n', result.Text.Replace("\r\n", "", StringComparison.Ordinal));
    }

    private static void AssertSameMeaning(string before, string after)
    {
        var (old, now) = (Snapshot(before), Snapshot(after));
        Assert.Equal(old.AccessLog, now.AccessLog);
        Assert.Equal(old.Binds, now.Binds);
        if (old.Tracing is { } tracing)
        {
            Assert.NotNull(now.Tracing);
            Assert.Equal(
                (tracing.Endpoint, tracing.Protocol, tracing.Attributes, tracing.Remove, tracing.RandomSampling, tracing.ClientSampling),
                (now.Tracing.Endpoint, now.Tracing.Protocol, now.Tracing.Attributes, now.Tracing.Remove, now.Tracing.RandomSampling, now.Tracing.ClientSampling));
        }
    }

    private static GatewaySnapshot Snapshot(string text) => TestLoad.LoadValid(text).Snapshot!;
}
