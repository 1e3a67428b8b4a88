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
    private readonly Func<ValueTask>? _endSending;

    /// <param name="inner">What is wrapped.</param>
    /// <param name="transport">The bytes as they are after what stands between.</param>
    /// <param name="release">Gives up what stands between.</param>
    /// <param name="endSending">Tells the peer, in the protocol that stands between, that nothing more comes; null where the end of the bytes says so.</param>
    public WrappedConnection(ConnectionContext inner, IDuplexPipe transport, Func<ValueTask> release, Func<ValueTask>? endSending = null)
    {
        _inner = inner;
        _release = release;
        _endSending = endSending;
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

    /// <summary>Ends what goes to the peer of a connection, through all that is wrapped around it. The transport closes the connection with it.</summary>
    public static async ValueTask EndSendingAsync(ConnectionContext connection)
    {
        while (connection is WrappedConnection { _endSending: { } endSending } wrapped)
        {
            await endSending();
            connection = wrapped._inner;
        }

        await connection.Transport.Output.CompleteAsync();
    }

    public override async ValueTask DisposeAsync()
    {
        await _release();
        await _inner.DisposeAsync();
        await base.DisposeAsync();
    }
}
