using System.Runtime.CompilerServices;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>The pooled HTTP/1.1 client for one endpoint. The connection used last is used next, so that the pool shrinks to what the load needs.</summary>
internal sealed class Http1Transport : IUpstreamTransport
{
    private static readonly TimeSpan LongestSweepInterval = TimeSpan.FromSeconds(10);

    private readonly TransportOptions _options;
    private readonly ILinkSource _links;
    private readonly TimeProvider _time;
    private readonly ITimer _sweeper;
    private readonly Lock _lock = new();
    private readonly List<Http1Connection> _idle = [];
    private bool _disposed;

    public Http1Transport(ILinkSource links, TransportOptions options, TimeProvider time)
    {
        _links = links;
        _options = options;
        _time = time;
        var interval = options.PoolIdleTimeout / 2 < LongestSweepInterval ? options.PoolIdleTimeout / 2 : LongestSweepInterval;
        interval = interval < TimeSpan.FromMilliseconds(10) ? TimeSpan.FromMilliseconds(10) : interval;
        _sweeper = time.CreateTimer(static state => ((Http1Transport)state!).Sweep(), this, interval, interval);
    }

    /// <summary>Idle connections.</summary>
    public int IdleCount
    {
        get
        {
            lock (_lock)
            {
                return _idle.Count;
            }
        }
    }

    public ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, CancellationToken cancellationToken) => SendAsync(request, _links, cancellationToken);

    /// <summary>Sends a request for which another connection, where it needs one, is made in another way.</summary>
    /// <exception cref="OtherProtocolException">The upstream chose another protocol. Nothing was sent, and the body is at its start.</exception>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<UpstreamResponse> SendAsync(UpstreamRequest request, ILinkSource links, CancellationToken cancellationToken)
    {
        if (TakeIdle() is { } kept)
        {
            try
            {
                await kept.ExchangeAsync(request, cancellationToken);
                return kept.Response;
            }
            catch (UpstreamException e) when (e.Failure == UpstreamFailure.Closed
                && kept.FailedBeforeResponse
                && kept.WasUsed
                && (request.IsIdempotent || kept.NothingSent)
                && request.TryRestartBody())
            {
                // The upstream closed the idle connection while we sent: once more, on a connection of its own.
            }
        }

        cancellationToken.ThrowIfCancellationRequested();
        var fresh = new Http1Connection(await links.ConnectAsync(cancellationToken), this, _time);
        await fresh.ExchangeAsync(request, cancellationToken);
        return fresh.Response;
    }

    /// <summary>Takes a connection that was made elsewhere and on which nothing was said yet.</summary>
    public void Add(UpstreamLink link) => Return(new Http1Connection(link, this, _time));

    /// <summary>Takes a connection back after a clean end.</summary>
    public void Return(Http1Connection connection)
    {
        connection.BecomeIdle();
        lock (_lock)
        {
            if (!_disposed && _idle.Count < _options.PoolMaxSize)
            {
                _idle.Add(connection);
                return;
            }
        }

        connection.Abort();
    }

    /// <summary>Closes the idle connections; those in use close when their exchange ends.</summary>
    public void Dispose()
    {
        _sweeper.Dispose();
        Http1Connection[] idle;
        lock (_lock)
        {
            _disposed = true;
            idle = [.. _idle];
            _idle.Clear();
        }

        foreach (var connection in idle)
        {
            connection.Abort();
        }
    }

    private Http1Connection? TakeIdle()
    {
        while (true)
        {
            Http1Connection connection;
            lock (_lock)
            {
                if (_idle.Count == 0)
                {
                    return null;
                }

                connection = _idle[^1];
                _idle.RemoveAt(_idle.Count - 1);
            }

            if (connection.IsReusable && _time.GetElapsedTime(connection.IdleSince) < _options.PoolIdleTimeout)
            {
                return connection;
            }

            connection.Abort();
        }
    }

    private void Sweep()
    {
        List<Http1Connection>? dead = null;
        lock (_lock)
        {
            for (var i = _idle.Count - 1; i >= 0; i--)
            {
                var connection = _idle[i];
                if (!connection.IsReusable || _time.GetElapsedTime(connection.IdleSince) >= _options.PoolIdleTimeout)
                {
                    (dead ??= []).Add(connection);
                    _idle.RemoveAt(i);
                }
            }
        }

        foreach (var connection in dead ?? [])
        {
            connection.Abort();
        }
    }
}
