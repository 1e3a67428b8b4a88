using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Policies.Mirroring;

/// <summary>
/// Policy <c>requestMirror</c>: sends a copy of a share of the requests, without body, to another backend. The client neither waits for it nor
/// sees anything of it. Copies that a slow backend has not taken yet are bounded: what comes on top is not copied.
/// </summary>
internal sealed partial class RequestMirrorHandler : IRequestPolicy
{
    /// <summary>Copies of one policy that may be under way at the same time.</summary>
    public const int MaxUnderWay = 256;

    // Nobody waits for a copy; this only frees what a silent backend holds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly RequestMirror _settings;
    private readonly CalloutTarget _target;
    private readonly ILogger _log;
    private int _underWay;

    public RequestMirrorHandler(RequestMirror settings, PolicyScope scope)
    {
        _settings = settings;
        _target = new CalloutTarget(settings.Backend, [], "requestMirror", scope.Services);
        _log = scope.Services.Logging.CreateLogger("agentgateway::mirror");
    }

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (_settings.Percentage < 1 && Random.Shared.NextDouble() >= _settings.Percentage)
        {
            return default;
        }

        if (_settings.Backend.Backend is { } name)
        {
            if (!context.Runtime.Snapshot.Backends.TryGetValue(name, out var backend))
            {
                return new(GatewayReply.BackendDoesNotExist);
            }

            if (backend is not HostBackendSnapshot)
            {
                return new(GatewayReply.MirrorBackendUnsupported);
            }
        }

        if (Interlocked.Increment(ref _underWay) > MaxUnderWay)
        {
            Interlocked.Decrement(ref _underWay);
            return default;
        }

        return StartAsync(context);
    }

    // Everything is taken from the request now: it may be over before the copy is sent.
    private async ValueTask<GatewayReply?> StartAsync(RequestContext context)
    {
        try
        {
            var client = _target.ClientFor(context);
            var copy = CopyOf(context, client);
            await _target.ApplyAsync(context, copy);
            _ = SendAsync(client.Http, copy, context.Services.Time);
        }
        catch (CalloutException error)
        {
            Interlocked.Decrement(ref _underWay);
            LogFailed(_settings.Backend.ToString(), error.Message);
        }

        return null;
    }

    private static HttpRequestMessage CopyOf(RequestContext context, CalloutClient client)
    {
        var source = context.Http.Request;
        var target = context.Target.StartsWith('/') ? context.Target : "/";
        var copy = new HttpRequestMessage(
            new HttpMethod(source.Method),
            new Uri(client.Address.GetLeftPart(UriPartial.Authority) + target, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }))
        {
            Version = HttpVersion.Version11,
        };
        foreach (var (name, values) in source.Headers)
        {
            // Content headers describe a body that the copy does not have.
            if (ExpressionText.IsHeaderSafe(values) && !HopByHop.IsRequestHeader(name) && !name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase))
            {
                copy.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            }
        }

        // As for the real call: an upstream that is given by name sees its name, one by address sees what the client asked for.
        if (context.Authority.Length > 0 && (context.KeepAuthority || client.Target.UnixPath is not null || IPAddress.TryParse(client.Target.Host, out _)))
        {
            copy.Headers.TryAddWithoutValidation("Host", context.Authority);
        }

        var span = context.Record.StartOutbound(OutboundKind.Mirror, "Http", source.Method);
        if (span is not null)
        {
            span.Set("http.method", source.Method);
            span.Set("http.host", client.Target.Host);
            span.Set("http.path", context.Target);
            copy.Headers.Remove("traceparent");
            copy.Headers.TryAddWithoutValidation("traceparent", span.Traceparent);
            span.End();
        }

        return copy;
    }

    private async Task SendAsync(HttpMessageInvoker http, HttpRequestMessage copy, TimeProvider time)
    {
        // Leaves the request's thread at once: connecting must not hold up the client.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using (copy)
            using (var patience = new CancellationTokenSource(Patience, time))
            using (await http.SendAsync(copy, patience.Token))
            {
            }
        }
        catch (Exception error) when (error is HttpRequestException or OperationCanceledException or IOException)
        {
            LogFailed(_settings.Backend.ToString(), error.Message);
        }
        finally
        {
            Interlocked.Decrement(ref _underWay);
        }
    }

    [LoggerMessage(Level = LogLevel.Debug, Message = "mirror to {Target} failed: {Error}")]
    private partial void LogFailed(string target, string error);
}
