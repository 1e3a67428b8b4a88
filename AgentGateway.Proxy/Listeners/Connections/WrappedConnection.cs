using System.IO.Pipelines;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// A connection whose bytes pass through something of ours (TLS, a CONNECT tunnel) before the HTTP server or a TCP route sees them.
/// Disposing of it disposes of what it wraps.
/// </summary>
internal sealed class WrappedConnection : ConnectionContext, IConnectionTransportFeature, IConnectionIdFeature, IConnectionItemsFeature, IConnectionLifetimeFeature
{
    private readonly ConnectionContext _inner;
    private readonly Func<ValueTask> _release;

    public WrappedConnection(ConnectionContext inner, IDuplexPipe transport, Func<ValueTask> release)
    {
        _inner = inner;
        _release = release;
        Transport = transport;
        Features = new FeatureCollection(inner.Features);
        Features.Set<IConnectionTransportFeature>(this);
        Features.Set<IConnectionIdFeature>(this);
        Features.Set<IConnectionItemsFeature>(this);
        Features.Set<IConnectionLifetimeFeature>(this);
        LocalEndPoint = inner.LocalEndPoint;
        RemoteEndPoint = inner.RemoteEndPoint;
    }

    public override IDuplexPipe Transport { get; set; }

    public override string ConnectionId
    {
        get => _inner.ConnectionId;
        set => _inner.ConnectionId = value;
    }

    public override IFeatureCollection Features { get; }

    public override IDictionary<object, object?> Items
    {
        get => _inner.Items;
        set => _inner.Items = value;
    }

    public override CancellationToken ConnectionClosed
    {
        get => _inner.ConnectionClosed;
        set => _inner.ConnectionClosed = value;
    }

    public override EndPoint? LocalEndPoint { get; set; }

    public override EndPoint? RemoteEndPoint { get; set; }

    public override void Abort(ConnectionAbortedException abortReason) => _inner.Abort(abortReason);

    public override void Abort() => _inner.Abort(new ConnectionAbortedException("the connection was aborted by the gateway"));

    public override async ValueTask DisposeAsync()
    {
        await _release();
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
