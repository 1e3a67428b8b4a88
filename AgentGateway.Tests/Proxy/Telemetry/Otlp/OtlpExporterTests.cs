using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Otlp;
using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Telemetry.Otlp;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class OtlpExporterTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpProtocol.Grpc)]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    public async Task Export_FinishedRequest_ArrivesWithResourceScopeAndHeaders(OtlpProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = new TelemetryHarness(Tracing(receiver, protocol) with
        {
            Headers = new EquatableMap<Secret>([new("Authorization", new Secret("Basic abc"))], StringComparer.OrdinalIgnoreCase),
        });
        var context = harness.Begin("POST", "/mcp?x=1", headers: ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"));
        harness.Time.Advance(TimeSpan.FromMilliseconds(1));
        var call = context.Record.StartOutbound(OutboundKind.Primary, "Mcp", "tools/call fetch_fetch")!;
        call.Set("http.status", 200);
        harness.Time.Advance(TimeSpan.FromMilliseconds(2));
        call.Fail("Timeout", "too slow");
        call.End();
        harness.Complete(context);
        await harness.Telemetry.FlushAsync();

        var export = Assert.Single(receiver.Exports);
        Assert.Equal("Basic abc", export.Headers["authorization"]);
        Assert.Equal(
            protocol == OtlpProtocol.Grpc ? ("grpc", "HTTP/2", "/opentelemetry.proto.collector.trace.v1.TraceService/Export") : ("http", "HTTP/1.1", "/v1/traces"),
            (export.Protocol, export.HttpVersion, export.Path));
        Assert.Equal(2, export.Spans.Count);
        var server = export.Spans[0];
        Assert.Equal(("POST /*", "Server", "agentgateway"), (server.Name, server.Kind, server.Scope));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", server.TraceId);
        Assert.Equal("b7ad6b7169203331", server.ParentSpanId);
        Assert.Equal(0x301u, server.Wire.Flags);
        Assert.Equal("agentgateway", server.Resource["service.name"]);
        Assert.Equal("dotnet", server.Resource["telemetry.sdk.language"]);
        Assert.Equal(200L, server.Attributes["http.status"]);
        Assert.Equal("/mcp?x=1", server.Attributes["http.path"]);
        Assert.Equal("3ms", server.Attributes["duration"]);
        Assert.Equal(TimeSpan.FromMilliseconds(3), server.Duration);
        Assert.Equal(
            ["gateway", "listener", "route", "src.addr", "http.method", "http.host", "http.path", "http.version", "http.status", "trace.id", "span.id", "protocol", "duration", "url.scheme", "network.protocol.version"],
            server.AttributeNames);
        var client = export.Spans[1];
        Assert.Equal(("tools/call fetch_fetch", "Client", server.SpanId), (client.Name, client.Kind, client.ParentSpanId));
        Assert.True(client.Failed);
        Assert.Equal("too slow", client.Wire.Status.Message);
        Assert.Equal("Timeout", client.Attributes["error.type"]);
        Assert.Equal(0x101u, client.Wire.Flags);
        Assert.Equal(TimeSpan.FromMilliseconds(2), client.Duration);
    }

    [Fact]
    public async Task Export_HttpsEndpoint_SpeaksTls()
    {
        using var key = RSA.Create(2048);
        using var certificate = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1)
            .CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation, certificate);
        var connections = new TelemetryConnections
        {
            ExportHandler = () =>
            {
                var handler = OtlpClient.CreateHandler();
                handler.SslOptions.RemoteCertificateValidationCallback = (_, presented, _, _) => presented?.GetCertHashString() == certificate.GetCertHashString();
                return handler;
            },
        };
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.Grpc), connections);

        harness.Complete(harness.Begin());
        await harness.Telemetry.FlushAsync();

        Assert.Equal("https", receiver.GrpcEndpoint.Scheme);
        Assert.Equal("HTTP/2", Assert.Single(receiver.Exports).HttpVersion);
    }

    [Fact]
    public async Task Export_ScheduleDelay_SendsWithoutAFlush()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.Grpc));
        harness.Complete(harness.Begin());
        Assert.Empty(receiver.Exports);

        harness.Time.Advance(TimeSpan.FromSeconds(5));

        Assert.Single(await receiver.WaitForSpansAsync(1, Cancellation));
    }

    [Fact]
    public async Task Export_FullBatch_GoesAtOnceAndNoBatchIsLarger()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.HttpProtobuf), Environment(("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10")));
        for (var i = 0; i < 25; i++)
        {
            harness.Complete(harness.Begin());
        }

        await receiver.WaitForSpansAsync(20, Cancellation);
        await harness.Telemetry.FlushAsync();
        Assert.Equal([10, 10, 5], receiver.Exports.Select(export => export.Spans.Count));
    }

    [Fact]
    public async Task Export_UnavailableOnce_IsRetriedOnce()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        receiver.Answer = attempt => attempt == 1 ? new OtlpAnswer { GrpcStatus = 14, Message = "not yet" } : OtlpAnswer.Success;
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.Grpc), time: new SkippingTimeProvider());
        harness.Complete(harness.Begin());
        await harness.Telemetry.FlushAsync();

        Assert.Single(receiver.Spans);
        Assert.Equal(2, receiver.Attempts);
        Assert.DoesNotContain(harness.Logs.Lines, line => line.Message.Contains("trace export", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(429, "2", 2)]
    [InlineData(503, null, 2)]
    [InlineData(503, "3600", 1)]
    [InlineData(400, null, 1)]
    [InlineData(404, null, 1)]
    public async Task Export_HttpFailure_IsRetriedOnlyWhenItMayHelp(int status, string? retryAfter, int attempts)
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        receiver.Answer = _ => new OtlpAnswer { HttpStatus = status, RetryAfter = retryAfter };
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.HttpProtobuf), time: new SkippingTimeProvider());
        harness.Complete(harness.Begin());

        await harness.Telemetry.FlushAsync();

        Assert.Equal(attempts, receiver.Attempts);
        Assert.Equal(1, harness.Telemetry.Plan.Exporter!.Dropped);
        Assert.True(harness.Logs.Contains($"HTTP status {status}; 1 span(s) dropped"));
    }

    [Fact]
    public async Task Export_PartialSuccess_CountsAndReportsTheRest()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        receiver.Answer = _ => new OtlpAnswer { Rejected = 1, Message = "quota" };
        await using var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.Grpc));
        harness.Complete(harness.Begin());
        harness.Complete(harness.Begin());
        await harness.Telemetry.FlushAsync();

        Assert.Equal((1L, 1L), (harness.Telemetry.Plan.Exporter!.Sent, harness.Telemetry.Plan.Exporter!.Dropped));
        Assert.True(harness.Logs.Contains("quota"));
    }

    [Fact]
    public async Task Export_CollectorDown_PrintsOneLineInHalfAMinute()
    {
        using var down = TestPorts.Refusing(out var port);
        var tracing = new TracingSnapshot { Endpoint = new Uri($"http://127.0.0.1:{port}/v1/traces"), RandomSampling = new SamplingRule(1), Protocol = OtlpProtocol.HttpProtobuf };
        await using var harness = new TelemetryHarness(tracing, time: new SkippingTimeProvider());
        for (var i = 0; i < 5; i++)
        {
            harness.Complete(harness.Begin());
            await harness.Telemetry.FlushAsync();
        }

        var line = Assert.Single(harness.Logs.Lines, line => line.Message.Contains("trace export", StringComparison.Ordinal));
        Assert.Contains("1 span(s) dropped", line.Message, StringComparison.Ordinal);
        Assert.Equal(5, harness.Telemetry.Plan.Exporter!.Dropped);

        harness.Time.Advance(TimeSpan.FromSeconds(31));
        harness.Complete(harness.Begin());
        await harness.Telemetry.FlushAsync();

        Assert.True(harness.Logs.Contains("5 span(s) dropped since the last report"));
    }

    [Theory]
    [InlineData(OtlpProtocol.Grpc, "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n", "(if this is a port for OTLP over HTTP, usually 4318, set the protocol to http)")]
    [InlineData(OtlpProtocol.Grpc, null, "(if this is a port for OTLP over HTTP, usually 4318, set the protocol to http)")]
    [InlineData(OtlpProtocol.HttpProtobuf, "", "(if this is a port for gRPC, usually 4317, set the protocol to grpc)")]
    [InlineData(OtlpProtocol.HttpProtobuf, null, "(if this is a port for gRPC, usually 4317, set the protocol to grpc)")]
    public async Task Export_ToThePortOfTheOtherProtocol_SaysWhatMayBeWrong(OtlpProtocol protocol, string? answer, string hint)
    {
        await using var collector = RawUpstream.Start(async peer =>
        {
            await peer.ReadBytesAsync(24);
            if (answer is null)
            {
                // As a system does for a server that closes before it has read everything.
                peer.Socket.LingerState = new LingerOption(true, 0);
                return;
            }

            await peer.SendAsync(answer);
            await peer.EndSendingAsync();
            await peer.ReadToEndAsync();
        });
        var tracing = new TracingSnapshot { Endpoint = new Uri($"http://127.0.0.1:{collector.Port}/v1/traces"), RandomSampling = new SamplingRule(1), Protocol = protocol };
        await using var harness = new TelemetryHarness(tracing, time: new SkippingTimeProvider());
        harness.Complete(harness.Begin());

        await harness.Telemetry.FlushAsync();

        Assert.Contains(harness.Logs.Lines, line => line.Message.Contains(hint, StringComparison.Ordinal));
        Assert.False(harness.Logs.Contains("see inner exception"));
    }

    [Fact]
    public async Task TryAdd_QueueFull_DropsTheNewest()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        var gate = new TaskCompletionSource();
        receiver.Answer = _ =>
        {
            gate.Task.Wait(Cancellation);
            return OtlpAnswer.Success;
        };
        await using var harness = new TelemetryHarness(
            Tracing(receiver, OtlpProtocol.HttpProtobuf),
            Environment(("OTEL_BSP_MAX_QUEUE_SIZE", "4"), ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "1")));
        harness.Complete(harness.Begin());
        await receiver.WaitForRequestsAsync(1, Cancellation);
        for (var i = 0; i < 7; i++)
        {
            harness.Complete(harness.Begin());
        }

        Assert.Equal(3, harness.Telemetry.Plan.Exporter!.Dropped);
        gate.SetResult();
        await harness.Telemetry.FlushAsync();
        Assert.Equal(5, receiver.Spans.Count);
        Assert.True(harness.Logs.Contains("the queue of 4 span(s) or 16 MiB was full; raise OTEL_BSP_MAX_QUEUE_SIZE or send less; 3 span(s) dropped since the last report"));
    }

    [Fact]
    public async Task DisposeAsync_SpansWaiting_SendsThemFirst()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        var harness = new TelemetryHarness(Tracing(receiver, OtlpProtocol.Grpc));
        harness.Complete(harness.Begin());
        await harness.DisposeAsync();

        Assert.Single(receiver.Spans);
    }

    [Fact]
    public async Task Configure_NewEndpoint_SendsTheRestToTheOldAndFollowingToTheNew()
    {
        await using var before = await OtlpReceiver.StartAsync(Cancellation);
        await using var after = await OtlpReceiver.StartAsync(Cancellation);
        var harness = new TelemetryHarness(Tracing(before, OtlpProtocol.Grpc));
        harness.Complete(harness.Begin(target: "/first"));
        var late = harness.Begin(target: "/late");
        harness.Telemetry.Configure(harness.Snapshot with { Tracing = Tracing(after, OtlpProtocol.Grpc) });
        harness.Complete(harness.Begin(target: "/second"));
        await before.WaitForSpansAsync(1, Cancellation);
        harness.Complete(late);
        await harness.DisposeAsync();

        Assert.Equal(["/first"], before.Spans.Select(span => span.Attributes["http.path"]));
        Assert.Equal(["/second", "/late"], after.Spans.Select(span => span.Attributes["http.path"]));
    }

    [Fact]
    public async Task Configure_OnlySamplingChanged_KeepsTheExporter()
    {
        await using var harness = new TelemetryHarness(TelemetryHarness.SampleAll);
        var exporter = harness.Telemetry.Plan.Exporter;

        harness.Telemetry.Configure(harness.Snapshot with { Tracing = TelemetryHarness.SampleAll with { RandomSampling = new SamplingRule(0.5) } });

        Assert.Same(exporter, harness.Telemetry.Plan.Exporter);
    }

    private static TracingSnapshot Tracing(OtlpReceiver receiver, OtlpProtocol protocol) => new()
    {
        Endpoint = protocol == OtlpProtocol.Grpc ? receiver.GrpcEndpoint : new Uri(receiver.HttpEndpoint, "/v1/traces"),
        Protocol = protocol,
        RandomSampling = new SamplingRule(1),
    };

    private static TelemetryConnections Environment(params (string Name, string Value)[] variables) => new()
    {
        Environment = name => variables.FirstOrDefault(variable => variable.Name == name).Value,
    };
}
