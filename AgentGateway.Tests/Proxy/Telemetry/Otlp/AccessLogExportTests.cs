using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Expressions;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Telemetry.Otlp;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using AccessLog = AgentGateway.Configuration.Snapshot.Frontend.AccessLog;

namespace AgentGateway.Tests.Proxy.Telemetry.Otlp;

public sealed class AccessLogExportTests
{
    private const string Parent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(OtlpProtocol.Grpc)]
    [InlineData(OtlpProtocol.HttpProtobuf)]
    public async Task Export_FinishedRequest_IsTheLineAsRecord(OtlpProtocol protocol)
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        var log = new AccessLog
        {
            Otlp = Otlp(receiver, protocol) with { Headers = new EquatableMap<Secret>([new("x-key", new Secret("k"))], StringComparer.OrdinalIgnoreCase) },
        };
        var tracing = TelemetryHarness.SampleAll with { Endpoint = receiver.GrpcEndpoint };
        await using var harness = new TelemetryHarness(tracing, change: snapshot => snapshot with { AccessLog = log });

        var context = harness.Begin("POST", "/mcp", headers: ("traceparent", Parent));
        context.Record.Error = "no such tool";
        harness.Time.Advance(TimeSpan.FromMilliseconds(3));
        harness.Complete(context);
        var record = Assert.Single(await SentAsync(harness, receiver, 1));

        var export = receiver.Exports.Single(static export => export.Logs.Count > 0);
        Assert.Equal(
            protocol == OtlpProtocol.Grpc ? ("grpc", "HTTP/2", "/opentelemetry.proto.collector.logs.v1.LogsService/Export") : ("http", "HTTP/1.1", "/v1/logs"),
            (export.Protocol, export.HttpVersion, export.Path));
        Assert.Equal("k", export.Headers["x-key"]);
        Assert.Equal(("request", "agentgateway"), (record.Scope, record.Resource["service.name"]));
        Assert.Equal((9, "INFO", 1u), (record.Wire.SeverityNumber, record.Wire.SeverityText, record.Wire.Flags));
        Assert.Null(record.Wire.Body);
        var end = (ulong)(TelemetryHarness.Start + TimeSpan.FromMilliseconds(3) - DateTimeOffset.UnixEpoch).Ticks * 100;
        Assert.Equal((end, end), (record.Wire.TimeUnixNano, record.Wire.ObservedTimeUnixNano));
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", record.TraceId);
        Assert.Equal((record.TraceId, record.SpanId), (record.Attributes["trace.id"], record.Attributes["span.id"]));
        Assert.NotEqual("b7ad6b7169203331", record.SpanId);
        Assert.Equal(
            ["gateway", "listener", "route", "src.addr", "http.method", "http.host", "http.path", "http.version", "http.status", "trace.id", "span.id", "protocol", "error", "duration"],
            record.AttributeNames);
        Assert.Equal(("no such tool", 200L, "3ms"), (record.Attributes["error"], record.Attributes["http.status"], record.Attributes["duration"]));
    }

    [Fact]
    public async Task Export_RequestThatIsNotTraced_HasNoIds()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = Harness(new AccessLog { Otlp = Otlp(receiver) });

        harness.Complete(harness.Begin());
        var record = Assert.Single(await SentAsync(harness, receiver, 1));

        Assert.Equal(("", "", 0u), (record.TraceId, record.SpanId, record.Wire.Flags));
        Assert.DoesNotContain("trace.id", record.AttributeNames);
    }

    [Fact]
    public async Task Export_NothingOfItsOwn_HasFieldsAndFilterOfTheLog()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = Harness(new AccessLog
        {
            Filter = new Expression("request.path != '/quiet'"),
            Add = Map(("team", "'red'")),
            Remove = ["http.host"],
            Otlp = Otlp(receiver),
        });

        harness.Complete(harness.Begin(target: "/quiet"));
        harness.Complete(harness.Begin(target: "/loud"));
        var record = Assert.Single(await SentAsync(harness, receiver, 1));

        Assert.Equal(("/loud", "red"), (record.Attributes["http.path"], record.Attributes["team"]));
        Assert.DoesNotContain("http.host", record.AttributeNames);
    }

    [Fact]
    public async Task Export_FieldsAndFilterOfItsOwn_StandInPlaceOfTheLogs()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        using var lines = new MemoryStream();
        using var output = new LogOutput(lines);
        await using var harness = new TelemetryHarness(
            connections: new TelemetryConnections { AccessLog = output },
            change: snapshot => snapshot with
            {
                AccessLog = new AccessLog
                {
                    Filter = new Expression("request.path != '/quiet'"),
                    Add = Map(("team", "'red'")),
                    Otlp = Otlp(receiver) with
                    {
                        Filter = new Expression("request.path == '/quiet'"),
                        Fields = new OtlpLogFields { Add = Map(("size", "size(request.path)")), Remove = ["http.method"] },
                    },
                },
            });

        harness.Complete(harness.Begin(target: "/quiet"));
        harness.Complete(harness.Begin(target: "/loud"));
        var record = Assert.Single(await SentAsync(harness, receiver, 1));
        output.Flush();

        Assert.Equal(("/quiet", 6L), (record.Attributes["http.path"], record.Attributes["size"]));
        Assert.DoesNotContain("team", record.AttributeNames);
        Assert.DoesNotContain("http.method", record.AttributeNames);
        var line = Assert.Single(Encoding.UTF8.GetString(lines.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("http.path=/loud", line, StringComparison.Ordinal);
        Assert.Contains("team=\"red\"", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Export_ExpressionsThatReadBodies_HaveThemRecorded()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = Harness(new AccessLog { Otlp = Otlp(receiver) with { Fields = new OtlpLogFields { Add = Map(("body", "string(request.body)")) } } });

        Assert.True(harness.Telemetry.Plan.LogReadsBody);
    }

    [Fact]
    public async Task Export_CollectorThatRefuses_CostsACountAndALine()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        receiver.Answer = static _ => new OtlpAnswer { HttpStatus = 400 };
        await using var harness = Harness(new AccessLog { Otlp = Otlp(receiver, OtlpProtocol.HttpProtobuf) });

        harness.Complete(harness.Begin());
        await harness.Telemetry.FlushAsync();

        using var metrics = new ByteBuffer(1024);
        harness.Telemetry.Metrics.WriteTo(metrics);
        Assert.Contains("agentgateway_log_records_dropped_total 1\n", Encoding.UTF8.GetString(metrics.WrittenSpan), StringComparison.Ordinal);
        Assert.Single(harness.Logs.Lines, static line =>
            line.Message.StartsWith("log export to http://127.0.0.1:", StringComparison.Ordinal) && line.Message.EndsWith("failed: HTTP status 400; 1 record(s) dropped since the last report", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Configure_OtherCollector_GetsWhatComesAfterAndCountsGoOn()
    {
        await using var before = await OtlpReceiver.StartAsync(Cancellation);
        await using var after = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = Harness(new AccessLog { Otlp = Otlp(before) });
        var late = harness.Begin(target: "/late");
        harness.Complete(harness.Begin(target: "/first"));

        harness.Telemetry.Configure(harness.Snapshot with { AccessLog = new AccessLog { Otlp = Otlp(after) } });
        harness.Complete(late);
        await before.WaitForLogsAsync(1, Cancellation);
        await SentAsync(harness, after, 1);

        Assert.Equal("/first", Assert.Single(before.Logs).Attributes["http.path"]);
        Assert.Equal("/late", Assert.Single(after.Logs).Attributes["http.path"]);
    }

    [Fact]
    public async Task DisposeAsync_RecordsThatWait_AreSent()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        var harness = Harness(new AccessLog { Otlp = Otlp(receiver) });
        harness.Complete(harness.Begin());

        await harness.DisposeAsync();

        Assert.Single(receiver.Logs);
    }

    [Fact]
    public async Task Export_TcpConnection_IsARecordToo()
    {
        await using var receiver = await OtlpReceiver.StartAsync(Cancellation);
        await using var harness = Harness(new AccessLog { Otlp = Otlp(receiver) });
        var context = harness.Begin();
        var listener = context.Listener!.Snapshot;

        harness.Telemetry.CompleteTcp(new TcpRecord("bind/0", listener, null, "a.example", TelemetryHarness.Start, harness.Time.GetTimestamp()), EnvironmentOnly.Instance);
        var record = Assert.Single(await SentAsync(harness, receiver, 1));

        Assert.Equal((listener.Name, "a.example"), (record.Attributes["listener"], record.Attributes["tls.sni"]));
    }

    [Theory]
    [InlineData("host: 'collector:4317'", "http://collector:4317/")]
    [InlineData("{host: 'collector:4318', protocol: http}", "http://collector:4318/v1/logs")]
    [InlineData("{host: 'collector:4318', protocol: http, path: otlp/v1/logs}", "http://collector:4318/otlp/v1/logs")]
    [InlineData("{host: 'https://collector:4317'}", "https://collector:4317/")]
    [InlineData("{host: 'collector:4317', policies: {backendTLS: {}}}", "https://collector:4317/")]
    public void Load_Collector_IsAnAddress(string otlp, string address)
    {
        var result = Load(otlp.StartsWith('{') ? otlp : $"{{{otlp}}}");

        Assert.Empty(result.Errors);
        Assert.Equal(address, result.Snapshot!.AccessLog.Otlp!.Endpoint.ToString());
    }

    [Fact]
    public void Load_HeadersOfTheConnection_AreThoseOfExports()
    {
        var result = Load("{host: 'c:1', policies: {requestHeaderModifier: {set: {x-key: secret}}}}");

        Assert.Equal("secret", result.Snapshot!.AccessLog.Otlp!.Headers["X-Key"].Reveal());
    }

    [Fact]
    public void Load_PolicyThatExportsDoNotActOn_IsRefused()
    {
        var result = Load("{host: 'c:1', policies: {backendAuth: {key: k}}}");

        Assert.Contains(result.Errors, static error => error.ToString()!.Contains("the exporter of logs does not act on it", StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ServiceAsCollector_IsRefused()
    {
        var result = Load("{service: {name: default/collector, port: 4317}}");

        Assert.Contains(result.Errors, static error => error.ToString()!.Contains("not supported yet: frontendPolicies.accessLog.otlp.service", StringComparison.Ordinal));
    }

    private static LoadResult Load(string otlp) => ConfigurationLoader.Load(
        $"frontendPolicies:\n  accessLog:\n    otlp: {otlp}\n", "test.yaml", LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null });

    private static TelemetryHarness Harness(AccessLog log) => new(change: snapshot => snapshot with { AccessLog = log }, time: new FakeTimeProvider(TelemetryHarness.Start));

    private static OtlpLog Otlp(OtlpReceiver receiver, OtlpProtocol protocol = OtlpProtocol.Grpc) => new()
    {
        Target = new BackendReference { Host = new TargetAddress("127.0.0.1", 1) },
        Endpoint = protocol == OtlpProtocol.Grpc ? receiver.GrpcEndpoint : new Uri(receiver.HttpEndpoint, "/v1/logs"),
        Protocol = protocol,
    };

    private static EquatableMap<Expression> Map(params (string Name, string Text)[] fields) =>
        new(fields.Select(static field => KeyValuePair.Create(field.Name, new Expression(field.Text))), StringComparer.Ordinal);

    private static async Task<IReadOnlyList<ReceivedLog>> SentAsync(TelemetryHarness harness, OtlpReceiver receiver, int count)
    {
        await harness.Telemetry.FlushAsync();
        return await receiver.WaitForLogsAsync(count, Cancellation);
    }
}
