using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Connections.Features;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>
/// Asks the HTTP server to close a connection at its greatest age (<c>frontendPolicies.http.maxConnectionDuration</c>): an idle one at once, another
/// when its requests have ended; HTTP/2 clients are told by GOAWAY.
/// </summary>
internal sealed class ConnectionAge(TimeSpan limit, TimeProvider time) : IDisposable
{
    private readonly long _born = time.GetTimestamp();
    private ITimer? _timer;
    private int _disposed;

    /// <summary>Called once the server has the connection.</summary>
    public void Begin(ConnectionContext connection)
    {
        var left = limit - time.GetElapsedTime(_born);
        _timer = time.CreateTimer(
            static state => ((ConnectionContext)state!).Features.Get<IConnectionLifetimeNotificationFeature>()?.RequestClose(),
            connection,
            left > TimeSpan.Zero ? left : TimeSpan.Zero,
            Timeout.InfiniteTimeSpan);
        if (Volatile.Read(ref _disposed) != 0)
        {
            _timer.Dispose();
        }
    }

    public void Dispose()
    {
        Volatile.Write(ref _disposed, 1);
        _timer?.Dispose();
    }
}
