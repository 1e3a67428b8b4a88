using System.Globalization;
using AgentGateway.Proxy.Policies.Callouts;
using StackExchange.Redis;

namespace AgentGateway.Proxy.Policies.RemoteRateLimit;

/// <summary>The connection to one Redis server, made when it is first needed and shared by all policies that name it.</summary>
internal sealed class RedisConnection : IAsyncDisposable
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromSeconds(1);

    private readonly ConfigurationOptions _options;
    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private Task<ConnectionMultiplexer>? _connecting;
    private DateTimeOffset _failedAt = DateTimeOffset.MinValue;

    /// <param name="url"><c>redis://[user:password@]host[:port][/database]</c>, <c>rediss://</c> for TLS, or <c>host:port</c>.</param>
    /// <param name="time">Clock.</param>
    /// <exception cref="FormatException">It is no such address; the message does not repeat it, it may hold a password.</exception>
    public RedisConnection(string url, TimeProvider time)
    {
        _time = time;
        _options = Parse(url);
        Address = _options.EndPoints[0].ToString() ?? "";
    }

    /// <summary>Host and port.</summary>
    public string Address { get; }

    /// <summary>The database; connects first if need be.</summary>
    /// <exception cref="RedisException">It cannot be reached.</exception>
    public async ValueTask<IDatabase> GetAsync(CancellationToken cancellationToken)
    {
        Task<ConnectionMultiplexer> connecting;
        lock (_lock)
        {
            if (_connecting is { IsCompleted: true, IsCompletedSuccessfully: false })
            {
                // A server that is down is asked once a second, not once a request.
                if (_time.GetUtcNow() < _failedAt + RetryDelay)
                {
                    throw new CalloutException("not reachable a moment ago");
                }

                _connecting = null;
            }

            connecting = _connecting ??= ConnectAsync();
        }

        return (await connecting.WaitAsync(cancellationToken)).GetDatabase();
    }

    public async ValueTask DisposeAsync()
    {
        Task<ConnectionMultiplexer>? connecting;
        lock (_lock)
        {
            connecting = _connecting;
            _connecting = null;
        }

        if (connecting is { IsCompletedSuccessfully: true })
        {
            await connecting.Result.DisposeAsync();
        }
    }

    private async Task<ConnectionMultiplexer> ConnectAsync()
    {
        try
        {
            return await ConnectionMultiplexer.ConnectAsync(_options);
        }
        catch (RedisException)
        {
            lock (_lock)
            {
                _failedAt = _time.GetUtcNow();
            }

            throw;
        }
    }

    private static ConfigurationOptions Parse(string url)
    {
        var text = url.Contains("://", StringComparison.Ordinal) ? url : "redis://" + url;
        if (!Uri.TryCreate(text, UriKind.Absolute, out var address) || address.Scheme is not ("redis" or "rediss") || address.Host.Length == 0)
        {
            throw new FormatException("redis.url is redis://[user:password@]host[:port][/database]");
        }

        var options = new ConfigurationOptions
        {
            EndPoints = { { address.Host, address.Port > 0 ? address.Port : 6379 } },
            Ssl = address.Scheme == "rediss",
            AbortOnConnectFail = true,
            ConnectRetry = 1,
            ConnectTimeout = 2000,
            AsyncTimeout = 2000,
            ClientName = "agentgateway",
            BacklogPolicy = BacklogPolicy.FailFast,
        };
        if (address.UserInfo.Length > 0)
        {
            var colon = address.UserInfo.IndexOf(':');
            options.User = colon > 0 ? Uri.UnescapeDataString(address.UserInfo[..colon]) : null;
            options.Password = Uri.UnescapeDataString(address.UserInfo[(colon + 1)..]);
        }

        var database = address.AbsolutePath.Trim('/');
        if (database.Length > 0)
        {
            options.DefaultDatabase = int.TryParse(database, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number < 1024
                ? number
                : throw new FormatException("redis.url names its database by a number");
        }

        return options;
    }
}
