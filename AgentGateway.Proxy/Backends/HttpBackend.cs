using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Balancing;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Health;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Backends;

/// <summary>A plain HTTP upstream.</summary>
internal sealed class HttpBackend : IBackendHandler, ITransportOwner, IAsyncDisposable
{
    private static readonly Func<UpstreamEndpoint, EndpointHealth> HealthOf = static endpoint => endpoint.Health;

    private readonly TargetAddress _target;
    private readonly TimeProvider _time;
    private readonly GatewayMetrics _metrics;
    private readonly IConnector _connector;
    private readonly IHostResolver _resolver;
    private readonly bool _isNamed;

    // Written once for each way of connecting; small, because a configuration may have thousands of backends.
    private readonly ConcurrentDictionary<TransportOptions, EndpointSet> _endpoints = new(concurrencyLevel: 1, capacity: 1);
    private readonly string _plainAuthority;
    private readonly string _tlsAuthority;
    private volatile OptionsInUse? _lastUsed;

    public HttpBackend(HostBackendSnapshot snapshot, GatewayServices services)
        : this(snapshot.Target, services, services.Connector, services.Resolver)
    {
    }

    public HttpBackend(TargetAddress target, GatewayServices services, IConnector connector, IHostResolver resolver)
    {
        _target = target;
        _time = services.Time;
        _metrics = services.Telemetry.Metrics;
        _connector = connector;
        _resolver = resolver;
        _isNamed = EndpointSet.IsName(target);
        _plainAuthority = AuthorityOf(target, tls: false);
        _tlsAuthority = AuthorityOf(target, tls: true);
    }

    /// <summary>The service whose endpoint this is; null for a backend of its own.</summary>
    public ServiceBackend? Group { get; init; }

    public ValueTask<GatewayReply?> HandleAsync(RequestContext context) =>
        HttpForwarder.ForwardAsync(context, this, context.Backend?.Call ?? BackendCall.Plain);

    public ValueTask DisposeAsync()
    {
        foreach (var endpoints in _endpoints.Values)
        {
            endpoints.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    public void KeepOnly(IReadOnlySet<TransportOptions> inUse)
    {
        foreach (var options in _endpoints.Keys)
        {
            if (!inUse.Contains(options) && !ReferenceEquals(options, TransportOptions.Default) && _endpoints.TryRemove(options, out var unused))
            {
                _lastUsed = null;
                unused.Dispose();
            }
        }
    }

    /// <summary>False while every known endpoint is evicted or cannot be reached.</summary>
    internal bool IsAvailable(TransportOptions options) => !_endpoints.TryGetValue(options, out var endpoints) || endpoints.IsAvailable;

    /// <summary>
    /// Sends one attempt: chooses an endpoint, applies the backend's policies, calls. When no connection can be made the other endpoints are tried.
    /// </summary>
    /// <exception cref="OperationCanceledException"><paramref name="cancellationToken"/> was cancelled.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamAttempt> AttemptAsync(RequestContext context, BackendCall call, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var record = context.Record;
        record.Backend = context.Backend?.Snapshot.Backend.Key;

        // A name tells the upstream which of its sites is meant; an address does not, so the client's host stays (spec 3.3, auto-hostname).
        if ((_isNamed && !context.KeepAuthority) || request.Host.Length == 0)
        {
            request.Host = call.Transport.Tls is null ? _plainAuthority : _tlsAuthority;
        }

        record.MarkUpstream();
        var started = _time.GetTimestamp();
        var span = record.Own.IsEmpty ? null : record.StartOutbound(OutboundKind.Primary, "Http", SpanName(request));
        try
        {
            if (span is not null)
            {
                Describe(span, request);
            }

            foreach (var policy in call.Policies)
            {
                if (await policy.ApplyAsync(context, request) is { } reply)
                {
                    return new UpstreamAttempt(null, reply, IsRetryable: false);
                }
            }

            var (response, endpoint) = await (Group is null
                ? CallAsync(context, call, request, cancellationToken)
                : Group.CallAsync(this, context, call, request, cancellationToken));
            span?.Set("http.status", response.StatusCode);
            return new UpstreamAttempt(response, null, IsRetryable: true, endpoint);
        }
        catch (UpstreamException e)
        {
            var reply = UpstreamReplies.Of(e);
            span?.Fail(reply.Reason.ToString(), reply.Error!);
            return new UpstreamAttempt(null, reply, IsRetryable: e.Failure is not (UpstreamFailure.RequestBody or UpstreamFailure.InvalidRequest or UpstreamFailure.ClientField));
        }
        catch (OperationCanceledException)
        {
            if (context.Http.RequestAborted.IsCancellationRequested)
            {
                span?.Fail("Cancelled", RequestContext.ClientGone);
            }
            else
            {
                span?.Fail(nameof(ResponseReason.Timeout), context.TimedOut ? "request timeout" : "upstream call timeout");
            }

            throw;
        }
        finally
        {
            span?.End();
            record.CountCall(OutboundKind.Primary, "Http", started);
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    internal async ValueTask<(UpstreamResponse Response, UpstreamEndpoint Endpoint)> CallAsync(
        RequestContext context, BackendCall call, UpstreamRequest request, CancellationToken cancellationToken)
    {
        var endpoints = await EndpointsFor(call.Transport).GetAsync(cancellationToken);
        var tried = 0UL;
        while (true)
        {
            var index = PowerOfTwoChoices.Pick<UpstreamEndpoint>(endpoints, tried, HealthOf, Random.Shared);
            tried |= 1UL << index;
            var endpoint = endpoints[index];
            var health = endpoint.Health;
            context.Record.Endpoint = endpoint.Name;
            var started = _time.GetTimestamp();
            health.Begin();
            try
            {
                var response = await endpoint.TransportFor(request).SendAsync(request, cancellationToken);
                Judge(context, call, health, response, started);
                return (response, endpoint);
            }
            catch (UpstreamException e) when (e.Failure is UpstreamFailure.Connect or UpstreamFailure.ConnectTimeout)
            {
                health.FailConnect(call.Eviction);
                if (ulong.PopCount(tried) >= (ulong)endpoints.Length)
                {
                    throw;
                }
            }
            catch (UpstreamException e) when (e.Failure is UpstreamFailure.Closed or UpstreamFailure.Protocol)
            {
                health.Fail(call.Eviction, null);
                throw;
            }
            finally
            {
                health.End();
            }
        }
    }

    private void Judge(RequestContext context, BackendCall call, EndpointHealth health, UpstreamResponse response, long started)
    {
        if (call.Unhealthy is { } unhealthy && unhealthy(context, response))
        {
            health.Fail(call.Eviction, response.RetryAfter);
        }
        else
        {
            health.Succeed(_time.GetElapsedTime(started));
        }
    }

    // Routes may call one backend in different ways (TLS, HTTP version), each with connections of its own.
    private EndpointSet EndpointsFor(TransportOptions options)
    {
        if (_lastUsed is { } last && ReferenceEquals(last.Options, options))
        {
            return last.Endpoints;
        }

        var endpoints = _endpoints.GetOrAdd(options, static (wanted, self) => new EndpointSet(self._target, wanted, self._connector, self._resolver, self._time, self._metrics), this);
        _lastUsed = new OptionsInUse(options, endpoints);
        return endpoints;
    }

    private string SpanName(UpstreamRequest request) => _isNamed ? $"{request.Method} {_target.Host}:{_target.Port}" : request.Method;

    private void Describe(OutboundSpan span, UpstreamRequest request)
    {
        span.Set("http.method", request.Method);
        span.Set("http.host", HostWithoutPort(request.Host));
        span.Set("http.path", request.Target);
        request.Traceparent = span.Traceparent;
    }

    private static string HostWithoutPort(string host)
    {
        var colon = host.LastIndexOf(':');
        return colon < 0 || host.EndsWith(']') ? host : host[..colon];
    }

    // The port is left out where it is the scheme's own (RFC 9110, 4.2.3).
    private static string AuthorityOf(TargetAddress target, bool tls) =>
        target.UnixPath is not null ? "localhost" : target.Port == (tls ? 443 : 80) ? (target.Host.Contains(':') ? $"[{target.Host}]" : target.Host) : target.ToString();

    private sealed record OptionsInUse(TransportOptions Options, EndpointSet Endpoints);
}
