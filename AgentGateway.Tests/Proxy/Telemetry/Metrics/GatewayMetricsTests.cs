using System.Text;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Metrics;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Metrics;

public sealed class GatewayMetricsTests
{
    private const string Labels = "backend=\"unknown\",protocol=\"http\",method=\"GET\",status=\"200\",reason=\"Upstream\",bind=\"bind/0\",gateway=\"default/default\",listener=\"listener0\",route=\"default/route0\",route_rule=\"unknown\"";

    [Fact]
    public async Task WriteTo_FinishedRequest_ShowsItsSeriesWithAllLabels()
    {
        await using var harness = new TelemetryHarness();
        var context = harness.Begin();
        context.Record.ResponseBytes = 42;
        context.Record.RetryAttempt = 2;
        harness.Time.Advance(TimeSpan.FromMilliseconds(30));
        harness.Complete(context);
        harness.Complete(harness.Begin());

        var text = Text(harness.Telemetry.Metrics);

        Assert.Contains("# TYPE agentgateway_requests counter\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_requests_total{{{Labels}}} 2\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_response_bytes_total{{{Labels}}} 42\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_retries_total{{{Labels}}} 2\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_request_duration_seconds_sum{{{Labels}}} 0.03\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_request_duration_seconds_bucket{{le=\"0.025\",{Labels}}} 1\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_request_duration_seconds_bucket{{le=\"0.05\",{Labels}}} 2\n", text, StringComparison.Ordinal);
        Assert.Contains($"agentgateway_request_duration_seconds_bucket{{le=\"+Inf\",{Labels}}} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("agentgateway_config_synchronized 1\n", text, StringComparison.Ordinal);
        Assert.Contains("agentgateway_build_info{tag=\"", text, StringComparison.Ordinal);
        Assert.EndsWith("# EOF\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteTo_McpCall_CountsItsMethodAndTool()
    {
        await using var harness = new TelemetryHarness();
        var context = harness.Begin("POST");
        context.Record.McpMethod = "tools/call";
        context.Record.McpResourceType = "tool";
        context.Record.McpTarget = "everything";
        context.Record.McpToolName = "ec\"ho\n\\";
        harness.Complete(context);

        Assert.Contains(
            "agentgateway_mcp_requests_total{method=\"tools/call\",resource_type=\"tool\",server=\"everything\",resource=\"ec\\\"ho\\n\\\\\",bind=\"bind/0\",gateway=\"default/default\",listener=\"listener0\",route=\"default/route0\",route_rule=\"unknown\"} 1\n",
            Text(harness.Telemetry.Metrics),
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task WriteTo_OutboundCall_ShowsTheTimeBeforeIt()
    {
        await using var harness = new TelemetryHarness();
        var context = harness.Begin();
        harness.Time.Advance(TimeSpan.FromMilliseconds(2));
        context.Record.StartOutbound(OutboundKind.Primary, "Http", "GET");
        harness.Complete(context);

        Assert.Contains("agentgateway_request_processing_seconds_bucket{le=\"0.0025\",backend=", Text(harness.Telemetry.Metrics), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("agentgateway_request_duration_seconds", "0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 80.0 +Inf")]
    [InlineData("agentgateway_upstream_call_duration_seconds", "0.001 0.005 0.01 0.025 0.05 0.1 0.25 0.5 1.0 2.5 5.0 10.0 30.0 80.0 +Inf")]
    [InlineData("agentgateway_request_processing_seconds", "0.00005 0.0001 0.00025 0.0005 0.001 0.0025 0.005 0.01 0.05 0.25 +Inf")]
    [InlineData("agentgateway_upstream_connect_duration_seconds", "0.0005 0.0015 0.0043 0.0126 0.0368 0.108 0.316 0.924 2.71 8.0 +Inf")]
    [InlineData("agentgateway_tls_handshake_duration_seconds", "0.0005 0.0015 0.0043 0.0126 0.0368 0.108 0.316 0.924 2.71 8.0 +Inf")]
    public void WriteTo_Histogram_HasItsBuckets(string name, string bounds)
    {
        var metrics = new GatewayMetrics(static () => 0, static () => 0, static () => 0, static () => 0);
        var record = new RequestRecord();
        metrics.Request(record, 200, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), null, "");
        metrics.UpstreamCall(OutboundKind.Policy, "ExtAuthz", TimeSpan.FromSeconds(1));
        metrics.UpstreamConnect("tls", TimeSpan.FromSeconds(1));
        metrics.Handshake("bind/1", "g", "l", "https", TimeSpan.FromSeconds(1));

        var found = Text(metrics).Split('\n').Where(line => line.StartsWith(name + "_bucket{le=\"", StringComparison.Ordinal)).Select(line => line.Split('"')[1]);

        Assert.Equal(bounds, string.Join(' ', found));
    }

    [Fact]
    public void UpstreamCall_SubtypesInTurn_CountsEachByItself()
    {
        var metrics = new GatewayMetrics(static () => 0, static () => 0, static () => 0, static () => 0);
        foreach (var subtype in new[] { "ExtAuthz", "RateLimit", "ExtAuthz" })
        {
            metrics.UpstreamCall(OutboundKind.Policy, subtype, TimeSpan.FromSeconds(1));
        }

        var text = Text(metrics);
        Assert.Contains("agentgateway_upstream_call_duration_seconds_count{kind=\"Policy\",subtype=\"ExtAuthz\"} 2\n", text, StringComparison.Ordinal);
        Assert.Contains("agentgateway_upstream_call_duration_seconds_count{kind=\"Policy\",subtype=\"RateLimit\"} 1\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Request_WithProcessingTime_CountsItByBackendAndRoute()
    {
        var metrics = new GatewayMetrics(static () => 0, static () => 0, static () => 0, static () => 0);
        var record = new RequestRecord { Backend = "b", Bind = "bind/1", Gateway = "g", Listener = "l", Route = "r", RouteRule = "rule" };

        metrics.Request(record, 200, TimeSpan.FromSeconds(1), TimeSpan.FromMilliseconds(1), null, "team=\"x\"");
        metrics.Request(record, 200, TimeSpan.FromSeconds(1), null, null, "team=\"x\"");

        Assert.Contains(
            "agentgateway_request_processing_seconds_count{backend=\"b\",bind=\"bind/1\",gateway=\"g\",listener=\"l\",route=\"r\",route_rule=\"rule\",team=\"x\"} 1\n",
            Text(metrics),
            StringComparison.Ordinal);
    }

    [Fact]
    public void Get_MoreSeriesThanTheBound_CountsTheRestTogether()
    {
        var family = new MetricFamily("x", "X", MetricType.Counter, ["a"]);
        for (var i = 0; i < MetricFamily.MaxSeries + 50; i++)
        {
            family.Get("", "v" + i).Add();
        }

        using var buffer = new ByteBuffer();
        family.WriteTo(buffer);
        Assert.Contains("x_total{a=\"unknown\"} 50\n", Encoding.UTF8.GetString(buffer.WrittenSpan), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("request_duration")]
    [InlineData("request_duration_seconds")]
    [InlineData("agentgateway_request_duration_seconds")]
    public void Remove_AnySpelling_TakesTheFamilyOut(string name)
    {
        var metrics = new GatewayMetrics(static () => 0, static () => 0, static () => 0, static () => 0);
        metrics.Remove(name);

        Assert.DoesNotContain("agentgateway_request_duration_seconds", metrics.Names);
        Assert.Contains("agentgateway_requests", metrics.Names);
    }

    [Theory]
    [InlineData("agentgateway_requests_total")]
    [InlineData("requests")]
    [InlineData("requests_total")]
    public void Remove_Counter_MayCarryTotal(string name)
    {
        var metrics = new GatewayMetrics(static () => 0, static () => 0, static () => 0, static () => 0);
        metrics.Remove(name);

        Assert.DoesNotContain("agentgateway_requests", metrics.Names);
    }

    [Theory]
    [InlineData("", GatewayMetrics.PlainText)]
    [InlineData("text/plain", GatewayMetrics.PlainText)]
    [InlineData("application/openmetrics-text;version=1.0.0,text/plain;q=0.5", GatewayMetrics.OpenMetrics)]
    [InlineData("APPLICATION/OpenMetrics-Text", GatewayMetrics.OpenMetrics)]
    [InlineData("application/openmetrics-text;q=0, text/plain", GatewayMetrics.PlainText)]
    [InlineData("application/openmetrics-text;q=0.3, text/plain;q=0.5, */*;q=0.1", GatewayMetrics.PlainText)]
    [InlineData("nonsense", GatewayMetrics.PlainText)]
    public void MediaTypeFor_Accept_IsNegotiated(string accept, string expected) => Assert.Equal(expected, GatewayMetrics.MediaTypeFor(accept));

    private static string Text(GatewayMetrics metrics)
    {
        using var buffer = new ByteBuffer();
        metrics.WriteTo(buffer);
        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
