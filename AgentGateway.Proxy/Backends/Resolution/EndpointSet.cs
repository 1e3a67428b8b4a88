using System.Net;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Balancing;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Backends.Resolution;

/// <summary>
/// The endpoints of one target: one for an IP address or a Unix socket, all addresses for a name. Names are resolved on first use and again in the
/// background once the answer is old; a failed refresh keeps the addresses that work.
/// </summary>
internal sealed class EndpointSet : IDisposable
{
    /// <summary>Age at which an answer is refreshed. The system's resolver tells no lifetimes.</summary>
    public static readonly TimeSpan RefreshInterval = TimeSpan.FromSeconds(30);

    private readonly TargetAddress _target;
    private readonly TransportOptions _options;
    private readonly IConnector _connector;
    private readonly UpstreamDialer _dialer;

    // What is connected to: the target itself, or the proxy that leads to it.
    private readonly TargetAddress _dialed;
    private readonly bool _resolves;
    private readonly IHostResolver _resolver;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private volatile UpstreamEndpoint[]? _endpoints;
    private Task<UpstreamEndpoint[]>? _resolving;
    private long _resolvedAt;
    private bool _disposed;

    public EndpointSet(TargetAddress target, TransportOptions options, IConnector connector, IHostResolver resolver, TimeProvider time, GatewayMetrics? metrics = null)
    {
        _target = target;
        _options = options;
        _connector = connector;
        _resolver = resolver;
        _time = time;
        _dialer = new UpstreamDialer(connector, resolver, time, metrics);
        _dialed = options.Tunnel?.Proxy ?? target;
        if (_dialed.UnixPath is { } path)
        {
            _endpoints = [Create(new UnixDomainSocketEndPoint(path), target.ToString())];
        }
        else if (IPAddress.TryParse(_dialed.Host, out var address))
        {
            _endpoints = [Create(new IPEndPoint(address, _dialed.Port), target.ToString())];
        }
        else
        {
            _resolves = true;
        }
    }

    /// <summary>The target is a DNS name.</summary>
    public bool IsNamed => IsName(_target);

    /// <summary>True when a target is a DNS name.</summary>
    public static bool IsName(TargetAddress target) => target.UnixPath is null && !IPAddress.TryParse(target.Host, out _);

    /// <summary>False while every known endpoint is evicted or cannot be reached.</summary>
    public bool IsAvailable => _endpoints is not { } known || Array.Exists(known, static endpoint => endpoint.Health is { IsEvicted: false, IsUnreachable: false });

    /// <summary>Returns the endpoints, resolving the name when that was not done yet.</summary>
    /// <exception cref="UpstreamException">The name cannot be resolved.</exception>
    public ValueTask<UpstreamEndpoint[]> GetAsync(CancellationToken cancellationToken)
    {
        if (_endpoints is { } known)
        {
            if (_resolves && _time.GetElapsedTime(Volatile.Read(ref _resolvedAt)) > RefreshInterval)
            {
                // Nobody waits for it, so its failure has no reader: the next request after a failure tries again.
                _ = StartResolving().ContinueWith(static task => _ = task.Exception, TaskContinuationOptions.OnlyOnFaulted | TaskContinuationOptions.ExecuteSynchronously);
            }

            return new(known);
        }

        return new(StartResolving().WaitAsync(cancellationToken));
    }

    public void Dispose()
    {
        UpstreamEndpoint[] last;
        lock (_lock)
        {
            _disposed = true;
            last = _endpoints ?? [];
        }

        foreach (var endpoint in last)
        {
            endpoint.Dispose();
        }
    }

    private Task<UpstreamEndpoint[]> StartResolving()
    {
        lock (_lock)
        {
            return _resolving ??= ResolveAsync();
        }
    }

    private async Task<UpstreamEndpoint[]> ResolveAsync()
    {
        // Leaves the lock before anything can complete.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        try
        {
            using var timeout = new CancellationTokenSource(_options.ConnectTimeout, _time);
            var addresses = await _resolver.ResolveAsync(_dialed.Host, timeout.Token);
            if (addresses.Length == 0)
            {
                throw new SocketException((int)SocketError.HostNotFound);
            }

            return Replace(addresses);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException)
        {
            throw new UpstreamException(UpstreamFailure.Resolve, $"cannot resolve {_dialed.Host}", e);
        }
        finally
        {
            lock (_lock)
            {
                _resolvedAt = _time.GetTimestamp();
                _resolving = null;
            }
        }
    }

    private UpstreamEndpoint[] Replace(IPAddress[] addresses)
    {
        var before = _endpoints ?? [];
        var next = new List<UpstreamEndpoint>(addresses.Length);
        foreach (var address in addresses)
        {
            if (next.Count == PowerOfTwoChoices.MaxEndpoints)
            {
                break;
            }

            var endpoint = new IPEndPoint(address, _dialed.Port);
            if (!next.Exists(known => known.Address.Equals(endpoint)))
            {
                next.Add(Array.Find(before, known => known.Address.Equals(endpoint)) ?? Create(endpoint, _options.Tunnel is null ? endpoint.ToString() : _target.ToString()));
            }
        }

        UpstreamEndpoint[] result = [.. next];
        bool disposed;
        lock (_lock)
        {
            _endpoints = result;
            disposed = _disposed;
        }

        foreach (var gone in disposed ? result : before)
        {
            if (disposed || Array.IndexOf(result, gone) < 0)
            {
                gone.Dispose();
            }
        }

        return result;
    }

    private UpstreamEndpoint Create(EndPoint address, string name) => new(address, name, _target, _options, _connector, _dialer, _time);
}
