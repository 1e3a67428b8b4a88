namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>Connections to Redis servers by address, for all policies of the process.</summary>
internal sealed class RedisConnections(TimeProvider time) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, RedisConnection> _connections = new(StringComparer.Ordinal);

    public RedisConnection Get(string url)
    {
        lock (_lock)
        {
            if (!_connections.TryGetValue(url, out var connection))
            {
                _connections[url] = connection = new RedisConnection(url, time);
            }

            return connection;
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var connection in _connections.Values)
        {
            await connection.DisposeAsync();
        }
    }
}
