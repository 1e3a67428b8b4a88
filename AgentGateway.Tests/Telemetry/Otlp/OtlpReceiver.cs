using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Tests.Telemetry.Otlp.Wire;
using Google.Protobuf;
using Grpc.Core;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Status = Grpc.Core.Status;

namespace AgentGateway.Tests.Telemetry.Otlp;

/// <summary>
/// A collector on loopback: gRPC and HTTP/protobuf on a port each, decoded by the Protobuf runtime and not by the code under test.
/// </summary>
internal sealed class OtlpReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<ReceivedExport> _exports = new();
    private readonly Lock _lock = new();
    private TaskCompletionSource _arrival = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _requests = new(0);
    private int _attempts;

    private OtlpReceiver(WebApplication app) => _app = app;

    /// <summary>Value for <c>otlpEndpoint</c> with gRPC.</summary>
    public Uri GrpcEndpoint { get; private set; } = null!;

    /// <summary>Base address for <c>otlpEndpoint</c> with HTTP; exports on any path are taken.</summary>
    public Uri HttpEndpoint { get; private set; } = null!;

    /// <summary>Decides the answer to each attempt, counted from 1. Failed attempts are not recorded.</summary>
    public Func<int, OtlpAnswer> Answer { get; set; } = static _ => OtlpAnswer.Success;

    /// <summary>Attempts so far, failed ones included.</summary>
    public int Attempts => Volatile.Read(ref _attempts);

    /// <summary>Exports that were taken.</summary>
    public IReadOnlyList<ReceivedExport> Exports => [.. _exports];

    /// <summary>All spans that were taken.</summary>
    public IReadOnlyList<ReceivedSpan> Spans => [.. _exports.SelectMany(export => export.Spans)];

    /// <summary>All log records that were taken.</summary>
    public IReadOnlyList<ReceivedLog> Logs => [.. _exports.SelectMany(export => export.Logs)];

    /// <summary>Starts a collector; with a certificate both ports speak TLS.</summary>
    public static async Task<OtlpReceiver> StartAsync(CancellationToken cancellationToken, X509Certificate2? certificate = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options =>
        {
            foreach (var protocols in (ReadOnlySpan<HttpProtocols>)[HttpProtocols.Http2, HttpProtocols.Http1])
            {
                options.Listen(IPAddress.Loopback, 0, listen =>
                {
                    listen.Protocols = protocols;
                    if (certificate is not null)
                    {
                        listen.UseHttps(certificate);
                    }
                });
            }
        });
        OtlpReceiver? receiver = null;
        builder.Services.AddGrpc(options => options.MaxReceiveMessageSize = 64 * 1024 * 1024);
        builder.Services.AddSingleton<TraceService.TraceServiceBase>(_ => new Service(receiver!));
        builder.Services.AddSingleton(_ => new Service(receiver!));
        builder.Services.AddSingleton(_ => new LogService(receiver!));
        var app = builder.Build();
        receiver = new OtlpReceiver(app);
        app.MapGrpcService<Service>();
        app.MapGrpcService<LogService>();
        app.MapPost("{**path}", receiver.TakeHttpAsync);
        await app.StartAsync(cancellationToken);
        var addresses = app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.ToList();
        receiver.GrpcEndpoint = new Uri(addresses[0]);
        receiver.HttpEndpoint = new Uri(addresses[1]);
        return receiver;
    }

    /// <summary>Waits until at least so many spans came.</summary>
    public Task<IReadOnlyList<ReceivedSpan>> WaitForSpansAsync(int count, CancellationToken cancellationToken) => WaitAsync(() => Spans, count, cancellationToken);

    /// <summary>Waits until at least so many log records came.</summary>
    public Task<IReadOnlyList<ReceivedLog>> WaitForLogsAsync(int count, CancellationToken cancellationToken) => WaitAsync(() => Logs, count, cancellationToken);

    /// <summary>Waits until so many exports came in, answered or not.</summary>
    public async Task WaitForRequestsAsync(int count, CancellationToken cancellationToken)
    {
        for (var i = 0; i < count; i++)
        {
            await _requests.WaitAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    private async Task<IReadOnlyList<T>> WaitAsync<T>(Func<IReadOnlyList<T>> read, int count, CancellationToken cancellationToken)
    {
        while (true)
        {
            var arrival = _arrival.Task;
            if (read() is var items && items.Count >= count)
            {
                return items;
            }

            await arrival.WaitAsync(TimeSpan.FromSeconds(60), cancellationToken);
        }
    }

    private OtlpAnswer Take(string protocol, HttpContext http, IEnumerable<ReceivedSpan> spans, IEnumerable<ReceivedLog> logs)
    {
        var attempt = Interlocked.Increment(ref _attempts);
        _requests.Release();
        var answer = Answer(attempt);
        if (!answer.Failed)
        {
            var headers = http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase);
            _exports.Enqueue(new ReceivedExport(protocol, http.Request.Protocol, http.Request.Path.Value + http.Request.QueryString.Value, headers, [.. spans], [.. logs]));
        }

        lock (_lock)
        {
            var arrival = _arrival;
            _arrival = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            arrival.SetResult();
        }

        return answer;
    }

    private static IEnumerable<ReceivedSpan> SpansOf(ExportTraceServiceRequest request) =>
        from resource in request.ResourceSpans
        let attributes = AttributesOf(resource.Resource)
        from scope in resource.ScopeSpans
        from span in scope.Spans
        select new ReceivedSpan(span, attributes, scope.Scope.Name);

    private static IEnumerable<ReceivedLog> LogsOf(ExportLogsServiceRequest request) =>
        from resource in request.ResourceLogs
        let attributes = AttributesOf(resource.Resource)
        from scope in resource.ScopeLogs
        from record in scope.LogRecords
        select new ReceivedLog(record, attributes, scope.Scope.Name);

    private static Dictionary<string, object?> AttributesOf(Resource resource) =>
        resource.Attributes.ToDictionary(pair => pair.Key, pair => ReceivedSpan.Value(pair.Value), StringComparer.Ordinal);

    private static ExportTraceServiceResponse Response(OtlpAnswer answer) => answer.Rejected > 0
        ? new ExportTraceServiceResponse { PartialSuccess = new ExportTracePartialSuccess { RejectedSpans = answer.Rejected, ErrorMessage = answer.Message } }
        : new ExportTraceServiceResponse();

    private static ExportLogsServiceResponse LogResponse(OtlpAnswer answer) => answer.Rejected > 0
        ? new ExportLogsServiceResponse { PartialSuccess = new ExportLogsPartialSuccess { RejectedLogRecords = answer.Rejected, ErrorMessage = answer.Message } }
        : new ExportLogsServiceResponse();

    private async Task TakeHttpAsync(HttpContext http)
    {
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (http.Request.ContentType != "application/x-protobuf")
        {
            http.Response.StatusCode = StatusCodes.Status415UnsupportedMediaType;
            return;
        }

        // The messages are alike on the wire: only the address tells logs from spans.
        var logs = http.Request.Path.Value!.EndsWith("/logs", StringComparison.Ordinal);
        var answer = logs
            ? Take("http", http, [], LogsOf(ExportLogsServiceRequest.Parser.ParseFrom(body.ToArray())))
            : Take("http", http, SpansOf(ExportTraceServiceRequest.Parser.ParseFrom(body.ToArray())), []);
        http.Response.StatusCode = answer.HttpStatus;
        if (answer.RetryAfter is { } after)
        {
            http.Response.Headers.RetryAfter = after;
        }

        if (!answer.Failed)
        {
            http.Response.ContentType = "application/x-protobuf";
            await http.Response.Body.WriteAsync(logs ? LogResponse(answer).ToByteArray() : Response(answer).ToByteArray(), http.RequestAborted);
        }
    }

    private sealed class Service(OtlpReceiver receiver) : TraceService.TraceServiceBase
    {
        public override Task<ExportTraceServiceResponse> Export(ExportTraceServiceRequest request, ServerCallContext context)
        {
            var answer = receiver.Take("grpc", context.GetHttpContext(), SpansOf(request), []);
            return answer.GrpcStatus == 0
                ? Task.FromResult(Response(answer))
                : throw new RpcException(new Status((StatusCode)answer.GrpcStatus, answer.Message));
        }
    }

    private sealed class LogService(OtlpReceiver receiver) : LogsService.LogsServiceBase
    {
        public override Task<ExportLogsServiceResponse> Export(ExportLogsServiceRequest request, ServerCallContext context)
        {
            var answer = receiver.Take("grpc", context.GetHttpContext(), [], LogsOf(request));
            return answer.GrpcStatus == 0
                ? Task.FromResult(LogResponse(answer))
                : throw new RpcException(new Status((StatusCode)answer.GrpcStatus, answer.Message));
        }
    }
}
