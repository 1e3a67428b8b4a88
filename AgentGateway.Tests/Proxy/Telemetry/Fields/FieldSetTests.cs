using System.Text;
using System.Text.Json;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using Xunit;
using AccessLog = AgentGateway.Configuration.Snapshot.Frontend.AccessLog;

namespace AgentGateway.Tests.Proxy.Telemetry.Fields;

public sealed class FieldSetTests
{
    private const string Arguments = """{"url":"http://x","n":3,"deep":{"a":[1,true]}}""";

    [Fact]
    public async Task SpanFields_Values_KeepTheirTypesAndOrder()
    {
        var attributes = await SpanAsync(
            ("z.text", "'a' + 'b'"),
            ("a.int", "1 + 2"),
            ("double", "0.5"),
            ("bool", "request.method == 'GET'"),
            ("list", "[1, {'k': 'v'}]"),
            ("nothing", "null"),
            ("missing", "request.headers['x-none']"),
            ("header", "request.headers['X-User']"),
            ("code", "response.code"),
            ("tool", "mcp.tool.arguments.url"));

        var names = attributes.EnumerateObject().Select(attribute => attribute.Name).ToList();
        Assert.Equal(["z.text", "a.int", "double", "bool", "list", "header", "code", "tool"], names[(names.IndexOf("network.protocol.version") + 1)..]);
        Assert.Equal("ab", attributes.GetProperty("z.text").GetString());
        Assert.Equal(3, attributes.GetProperty("a.int").GetInt64());
        Assert.Equal(0.5, attributes.GetProperty("double").GetDouble());
        Assert.True(attributes.GetProperty("bool").GetBoolean());
        Assert.Equal("[1,{\"k\":\"v\"}]", attributes.GetProperty("list").GetString());
        Assert.Equal("alice", attributes.GetProperty("header").GetString());
        Assert.Equal(200, attributes.GetProperty("code").GetInt64());
        Assert.Equal("http://x", attributes.GetProperty("tool").GetString());
    }

    [Fact]
    public async Task SpanFields_Flatten_MakesOneAttributeForEachLeaf()
    {
        var attributes = await SpanAsync(("args", "flatten_recursive(mcp.tool.arguments)"), ("flat", "flatten(mcp.tool.arguments)"));

        Assert.Equal("http://x", attributes.GetProperty("args.url").GetString());
        Assert.Equal(3, attributes.GetProperty("args.n").GetInt64());
        Assert.Equal(1, attributes.GetProperty("args.deep.a.0").GetInt64());
        Assert.True(attributes.GetProperty("args.deep.a.1").GetBoolean());
        Assert.Equal("{\"a\":[1,true]}", attributes.GetProperty("flat.deep").GetString());
    }

    [Fact]
    public async Task SpanFields_NameOfADefault_ReplacesItOnlyWithAValue()
    {
        var attributes = await SpanAsync(("http.method", "'PATCHED'"), ("http.host", "llm.request_model"), ("duration", "1"), ("duration.0", "2"));

        Assert.Equal("PATCHED", attributes.GetProperty("http.method").GetString());
        Assert.Equal("gateway.test", attributes.GetProperty("http.host").GetString());
        Assert.Equal(attributes.EnumerateObject().Count(), attributes.EnumerateObject().Select(attribute => attribute.Name).Distinct().Count());
        Assert.True(attributes.EnumerateObject().ToList().FindIndex(attribute => attribute.Name == "http.method") > attributes.EnumerateObject().ToList().FindIndex(attribute => attribute.Name == "http.host"));
    }

    [Fact]
    public async Task SpanFields_Remove_TakesDefaultsOutButNotAddedOnes()
    {
        await using var harness = new TelemetryHarness(Tracing(("protocol", "'mine'")) with { Remove = ["trace.id", "url.scheme", "protocol"] });
        harness.Complete(harness.Begin());

        var attributes = harness.TracesJson()[0].GetProperty("spans")[0].GetProperty("attributes");
        Assert.False(attributes.TryGetProperty("trace.id", out _));
        Assert.False(attributes.TryGetProperty("url.scheme", out _));
        Assert.Equal("mine", attributes.GetProperty("protocol").GetString());
    }

    [Theory]
    [InlineData("'openai.chat'", "openai.chat", false)]
    [InlineData("7", "GET /*", true)]
    [InlineData("llm.provider", "GET /*", false)]
    public async Task SpanName_OnlyAStringRenamesTheSpan(string expression, string expected, bool isAttribute)
    {
        await using var harness = new TelemetryHarness(Tracing(("span.name", expression)));
        harness.Complete(harness.Begin());

        var span = harness.TracesJson()[0].GetProperty("spans")[0];
        Assert.Equal(expected, span.GetProperty("name").GetString());
        Assert.Equal(isAttribute, span.GetProperty("attributes").TryGetProperty("span.name", out _));
    }

    [Theory]
    [InlineData("request.method == 'GET'", 1)]
    [InlineData("request.method == 'POST'", 0)]
    [InlineData("'yes'", 0)]
    [InlineData("request.headers['x-none'] == ''", 0)]
    [InlineData("response.code == 200 && proxy.route.name == 'route0' && trace.sampled", 1)]
    public async Task Filter_AnythingButTrue_DropsTheSpans(string filter, int expected)
    {
        await using var harness = new TelemetryHarness(Tracing() with { Filter = new Expression(filter) });
        harness.Complete(harness.Begin());

        Assert.Equal(expected, harness.StoredTraces().Count);
    }

    [Theory]
    [InlineData("request.headers['x-sample'] == 'yes'", true)]
    [InlineData("request.headers['x-none'] == 'yes'", false)]
    [InlineData("1", true)]
    [InlineData("0", false)]
    [InlineData("1.0", true)]
    [InlineData("'yes'", false)]
    [InlineData("source.address == '127.0.0.1'", true)]
    public async Task RandomSampling_Expression_DecidesForEachRequest(string expression, bool sampled)
    {
        await using var harness = new TelemetryHarness(Tracing() with { RandomSampling = new SamplingRule(0, new Expression(expression)) });
        harness.Complete(harness.Begin(headers: ("x-sample", "yes")));

        Assert.Equal(sampled, harness.StoredTraces().Count == 1);
    }

    [Fact]
    public async Task AccessLog_AddRemoveFilter_ShapeTheLine()
    {
        var lines = await LinesAsync(
            new AccessLog
            {
                Add = Map(("user", "request.headers['x-user']"), ("n", "1 + 1"), ("http.path", "request.path"), ("bad", "jwt.sub")),
                Remove = ["src.addr", "http.version", "gateway"],
                Filter = new Expression("request.headers['x-user'] != 'bob'"),
            },
            ("x-user", "alice"),
            ("x-user", "bob"));

        Assert.Equal(
            "2026-01-20T16:28:30.000000Z\tinfo\trequest listener=listener0 route=default/route0 http.method=GET http.host=gateway.test http.status=200 protocol=http duration=0ms user=\"alice\" n=2 http.path=\"/p\"\n",
            lines);
    }

    [Fact]
    public async Task Fields_UnexplainedFailure_IsReportedOnce()
    {
        await using var harness = new TelemetryHarness(Tracing(("typo", "request.methodd"), ("model", "llm.request_model"), ("sub", "jwt.sub")));
        harness.Complete(harness.Begin());
        harness.Complete(harness.Begin());

        var line = Assert.Single(harness.Logs.Lines, line => line.Message.Contains("gives no value", StringComparison.Ordinal));
        Assert.Contains("typo", line.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task MetricLabels_Expressions_AreAddedToTheSeries()
    {
        var settings = new StaticSettings { Metrics = new MetricsSettings { Fields = new MetricFields { Add = Map(("user.name", "request.headers['x-user']"), ("n", "1")) }, Remove = ["retries"] } };
        await using var harness = new TelemetryHarness(settings: settings);
        harness.Complete(harness.Begin(headers: ("x-user", "alice")));

        using var buffer = new ByteBuffer();
        harness.Telemetry.Metrics.WriteTo(buffer);
        var text = Encoding.UTF8.GetString(buffer.WrittenSpan);
        Assert.Contains(",route_rule=\"unknown\",user_name=\"alice\",n=\"unknown\"} 1\n", text, StringComparison.Ordinal);
        Assert.DoesNotContain("agentgateway_retries", text, StringComparison.Ordinal);
    }

    private static EquatableMap<Expression> Map(params (string Name, string Expression)[] fields) =>
        new(fields.Select(field => new KeyValuePair<string, Expression>(field.Name, new Expression(field.Expression))));

    private static TracingSnapshot Tracing(params (string Name, string Expression)[] fields) => TelemetryHarness.SampleAll with { Attributes = Map(fields) };

    private static async Task<JsonElement> SpanAsync(params (string Name, string Expression)[] fields)
    {
        await using var harness = new TelemetryHarness(Tracing(fields));
        var context = harness.Begin(headers: ("X-User", "alice"));
        context.Record.McpMethod = "tools/call";
        context.Record.McpToolName = "fetch";
        context.Record.McpToolArguments = Encoding.UTF8.GetBytes(Arguments);
        context.Http.Response.StatusCode = 200;
        await context.ResponseHeadReadyAsync();
        harness.Complete(context);
        return harness.TracesJson()[0].GetProperty("spans")[0].GetProperty("attributes").Clone();
    }

    private static async Task<string> LinesAsync(AccessLog log, params (string Name, string Value)[] headers)
    {
        using var stream = new MemoryStream();
        using (var output = new LogOutput(stream))
        {
            await using var harness = new TelemetryHarness(connections: new TelemetryConnections { AccessLog = output }, change: snapshot => snapshot with { AccessLog = log });
            foreach (var header in headers)
            {
                harness.Complete(harness.Begin(target: "/p?q=1", headers: header));
            }
        }

        return Encoding.UTF8.GetString(stream.ToArray());
    }
}
