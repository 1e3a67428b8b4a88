using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

/// <summary>The tracing blocks of the documentation page "Enable tracing" load as written and act on requests.</summary>
public sealed class SeedConfigurationTests
{
    private const string Fields = """
            span.name: '"openai.chat"'
            gen_ai.operation.name: '"chat"'
            gen_ai.system: "llm.provider"
            gen_ai.prompt: "flatten_recursive(llm.prompt)"
            gen_ai.completion: 'flatten_recursive(llm.completion.map(c, {"role":"assistant", "content": c}))'
            gen_ai.usage.completion_tokens: "llm.output_tokens"
            gen_ai.usage.prompt_tokens: "llm.inputTokens"
            gen_ai.request.model: "llm.request_model"
            gen_ai.response.model: "llm.responseModel"
            gen_ai.request: "flatten(llm.params)"
            llm.is_streaming: "llm.streaming"
            openinference.span.kind: '"LLM"'
        """;

    [Fact]
    public async Task Load_ConfigTracing_ActsOnEveryRequest() => await ActsAsync($$"""
        config:
          tracing:
            otlpEndpoint: http://localhost:4317
            otlpProtocol: grpc
            randomSampling: true
            headers:
              Authorization: "Basic YWJj"
            fields:
              remove: [http.version]
              add:
        {{Indent(Fields, 8)}}
        """);

    [Fact]
    public async Task Load_FrontendTracing_ActsOnEveryRequest() => await ActsAsync($$"""
        frontendPolicies:
          tracing:
            host: localhost:4317
            randomSampling: true
            remove: [http.version]
            attributes:
        {{Indent(Fields, 6)}}
        """);

    private static async Task ActsAsync(string yaml)
    {
        var result = ConfigurationLoader.Load(yaml, "seed.yaml", LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null });
        Assert.True(result.Snapshot is not null, string.Join('\n', result.Errors));
        await using var harness = new TelemetryHarness(result.Snapshot!.Tracing! with { Endpoint = new Uri("http://127.0.0.1:9") });
        Assert.IsType<TracingSnapshot>(harness.Snapshot.Tracing);
        harness.Complete(harness.Begin());

        var span = harness.TracesJson()[0].GetProperty("spans")[0];
        Assert.Equal("openai.chat", span.GetProperty("name").GetString());
        var attributes = span.GetProperty("attributes");
        Assert.Equal("chat", attributes.GetProperty("gen_ai.operation.name").GetString());
        Assert.Equal("LLM", attributes.GetProperty("openinference.span.kind").GetString());
        Assert.False(attributes.TryGetProperty("gen_ai.system", out _));
        Assert.False(attributes.TryGetProperty("http.version", out _));
        Assert.DoesNotContain(harness.Logs.Lines, line => line.Message.Contains("gives no value", StringComparison.Ordinal));
    }

    private static string Indent(string text, int spaces) =>
        string.Join('\n', text.Split('\n').Select(line => new string(' ', spaces) + line.TrimStart()));
}
