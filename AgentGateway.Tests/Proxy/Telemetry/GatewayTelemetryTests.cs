using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Tracing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

public sealed class GatewayTelemetryTests
{
    private const string Caller = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    [Fact]
    public async Task DecideSampling_SampledCaller_ReplacesTheSpanIdInTheRequestHeader()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);

        var context = harness.Begin(headers: ("traceparent", Caller));

        var header = context.Http.Request.Headers.TraceParent.ToString();
        Assert.True(TraceContext.TryParse(header, out var own));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", own.TraceId.ToString());
        Assert.NotEqual("b7ad6b7169203331", own.SpanId.ToString());
        Assert.True(own.IsSampled);
    }

    [Fact]
    public async Task DecideSampling_NotSampled_LeavesTheRequestUntouched()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll with { ClientSampling = new SamplingRule(0) });

        var context = harness.Begin(headers: ("traceparent", Caller));

        Assert.Equal(Caller, context.Http.Request.Headers.TraceParent.ToString());
        Assert.Null(context.Record.StartOutbound(OutboundKind.Primary, "Http", "GET"));
        harness.Complete(context);
        Assert.Empty(harness.StoredTraces());
    }

    [Fact]
    public async Task DecideSampling_NoTracingButACaller_PassesAnIdOfItsOwnAndStoresNothing()
    {
        await using var harness = new TelemetryHarness();

        var context = harness.Begin(headers: ("traceparent", Caller));
        var span = context.Record.StartOutbound(OutboundKind.Primary, "Http", "GET");

        Assert.NotNull(span);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", span.Traceparent, StringComparison.Ordinal);
        Assert.NotEqual(Caller, span.Traceparent);
        harness.Complete(context);
        Assert.Empty(harness.StoredTraces());
    }

    [Fact]
    public async Task DecideSampling_UnsampledCallerThatIsRecorded_TellsUpstreamsSo()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll with { ParentNotSampled = new SamplingRule(1) });

        var context = harness.Begin(headers: ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00"));

        Assert.EndsWith("-01", context.Http.Request.Headers.TraceParent.ToString(), StringComparison.Ordinal);
        harness.Complete(context);
        Assert.Single(harness.StoredTraces());
    }

    [Fact]
    public async Task Complete_SampledRequest_StoresServerSpanWithItsClientSpans()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = harness.Begin("POST", "/mcp", headers: ("traceparent", Caller));
        context.Record.McpMethod = "tools/call";
        harness.Time.Advance(TimeSpan.FromMilliseconds(5));
        var span = context.Record.StartOutbound(OutboundKind.Primary, "Mcp", "tools/call fetch_fetch")!;
        span.Set("mcp.target", "fetch");
        span.Set("http.status", 200);
        harness.Time.Advance(TimeSpan.FromMilliseconds(10));
        span.End();
        harness.Time.Advance(TimeSpan.FromMilliseconds(5));
        var traceparent = span.Traceparent;
        harness.Complete(context);

        var trace = Assert.Single(harness.TracesJson().EnumerateArray());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", trace.GetProperty("traceId").GetString());
        Assert.Equal("tools/call", trace.GetProperty("rootName").GetString());
        Assert.Equal(20, trace.GetProperty("durationMs").GetDouble());
        Assert.Equal("2026-01-20T16:28:30.000000Z", trace.GetProperty("startTime").GetString());
        var root = Assert.Single(trace.GetProperty("spans").EnumerateArray());
        Assert.Equal("Server", root.GetProperty("kind").GetString());
        Assert.Equal("b7ad6b7169203331", root.GetProperty("parentSpanId").GetString());
        Assert.Equal(200, root.GetProperty("attributes").GetProperty("http.status").GetInt32());
        Assert.Equal("20ms", root.GetProperty("attributes").GetProperty("duration").GetString());
        var child = Assert.Single(root.GetProperty("children").EnumerateArray());
        Assert.Equal("tools/call fetch_fetch", child.GetProperty("name").GetString());
        Assert.Equal("Client", child.GetProperty("kind").GetString());
        Assert.Equal(root.GetProperty("spanId").GetString(), child.GetProperty("parentSpanId").GetString());
        Assert.Equal(10, child.GetProperty("durationMs").GetDouble());
        Assert.Contains(child.GetProperty("spanId").GetString()!, traceparent, StringComparison.Ordinal);
        Assert.Equal(
            ["agentgateway.outbound.kind", "agentgateway.outbound.subtype", "mcp.target", "http.status"],
            child.GetProperty("attributes").EnumerateObject().Select(attribute => attribute.Name));
    }

    [Fact]
    public async Task Complete_FailedCall_MarksTheClientSpanOnly()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = harness.Begin();
        var span = context.Record.StartOutbound(OutboundKind.Primary, "Http", "GET upstream:80")!;
        span.Fail("UpstreamFailure", "connection refused");
        span.End();
        harness.Complete(context);

        var root = Assert.Single(Assert.Single(harness.StoredTraces()).Roots);
        Assert.False(root.Failed);
        var child = Assert.Single(root.Children);
        Assert.True(child.Failed);
        Assert.Equal("connection refused", child.StatusMessage);
    }

    [Theory]
    [InlineData(null, null, "/*", "GET /*")]
    [InlineData("initialize", null, "/*", "initialize")]
    [InlineData(null, "application/grpc+proto", "/*", "pkg.Service/Method")]
    [InlineData(null, null, null, "unknown")]
    public async Task Complete_SpanName_FollowsTheRules(string? mcp, string? contentType, string? pathMatch, string expected)
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = harness.Begin(target: "/pkg.Service/Method?x=1", headers: ("content-type", contentType ?? "text/plain"));
        context.Record.McpMethod = mcp;
        context.Record.PathMatch = pathMatch;
        harness.Complete(context);

        Assert.Equal(expected, Assert.Single(Assert.Single(harness.StoredTraces()).Roots).Name);
    }

    [Fact]
    public async Task Complete_OwnError_SetsTheStatus()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = harness.Begin();
        harness.Complete(context, new InvalidOperationException("broke"));

        var root = Assert.Single(harness.TracesJson()[0].GetProperty("spans").EnumerateArray());
        Assert.Equal("Error", root.GetProperty("status").GetString());
        Assert.Equal("broke", root.GetProperty("statusMessage").GetString());
        Assert.Equal("Internal", root.GetProperty("attributes").GetProperty("error.type").GetString());
        Assert.False(root.GetProperty("attributes").TryGetProperty("error", out _));
    }

    [Fact]
    public async Task StartOutbound_BeyondTheBound_StillPropagatesButRecordsNoMore()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = harness.Begin();
        for (var i = 0; i < RequestRecord.MaxOutboundSpans + 10; i++)
        {
            Assert.NotNull(context.Record.StartOutbound(OutboundKind.Primary, "Mcp", "x"));
        }

        harness.Complete(context);

        Assert.Equal(RequestRecord.MaxOutboundSpans, Assert.Single(Assert.Single(harness.StoredTraces()).Roots).Children.Count);
    }

    [Fact]
    public async Task Begin_NextRequestOfTheConnection_KnowsNothingOfTheLast()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var context = new RequestContext();
        harness.Begin(context, "GET", "/a", "HTTP/1.1", ("traceparent", Caller));
        context.Record.StartOutbound(OutboundKind.Primary, "Http", "GET")!.End();
        harness.Complete(context);
        harness.Begin(context, "GET", "/b", "HTTP/1.1");
        harness.Complete(context);

        var newest = harness.StoredTraces()[0];
        Assert.NotEqual("0af7651916cd43dd8448eb211c80319c", newest.Id.ToString());
        Assert.Empty(Assert.Single(newest.Roots).Children);
    }
}
