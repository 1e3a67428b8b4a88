using System.Security.Cryptography;
using System.Threading.Channels;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reload;
using AgentGateway.Configuration.Snapshot;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Hosting;

/// <summary>
/// Keeps a running gateway in step with its file. A content that cannot be used changes nothing: every error is logged once, the gauge
/// <c>config_synchronized</c> goes to 0, and the last good state stays in force.
/// </summary>
internal sealed partial class ConfigurationReloader : IAsyncDisposable
{
    private readonly GatewayHost _host;
    private readonly ILogger _logger;
    private readonly ConfigurationWatcher _watcher;
    private readonly Task _applying;

    private readonly Channel<bool> _signal = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    // What waits behind a slow application: the newest good content and the newest refused one. A refused one must not push a good one out, which
    // would then never be in force.
    private readonly List<LoadResult> _waiting = [];

    // Settings of the last content that was told about; those of the start at first.
    private StaticSettings? _settings;

    public ConfigurationReloader(string file, LoadOptions options, GatewayHost host, IChangeSource source)
    {
        _host = host;
        _logger = host.Services.Logging.CreateLogger("agentgateway::config");
        _watcher = new ConfigurationWatcher(file, options, Hand, Hand, source, host.Services.Time);
        _applying = ApplyAsync();
    }

    /// <summary>Begins to follow the file. A content that changed since the gateway read it is applied.</summary>
    public void Start(ConfigurationFile applied)
    {
        _settings = ReadAtStart(applied.Result.Settings);
        var now = _watcher.Start(applied);
        if (!now.IsValid || !Equals(now.Snapshot, applied.Result.Snapshot))
        {
            Hand(now);
        }
    }

    public async ValueTask DisposeAsync()
    {
        _watcher.Dispose();
        _signal.Writer.TryComplete();
        await _applying;
    }

    private void Hand(LoadResult result)
    {
        lock (_waiting)
        {
            _waiting.RemoveAll(other => other.IsValid == result.IsValid);
            _waiting.Add(result);
        }

        _signal.Writer.TryWrite(true);
    }

    private LoadResult? Next()
    {
        lock (_waiting)
        {
            if (_waiting.Count == 0)
            {
                return null;
            }

            var next = _waiting[0];
            _waiting.RemoveAt(0);
            return next;
        }
    }

    private async Task ApplyAsync()
    {
        await foreach (var _ in _signal.Reader.ReadAllAsync())
        {
            while (Next() is { } result)
            {
                await ApplyAsync(result);
            }
        }
    }

    private async Task ApplyAsync(LoadResult result)
    {
        if (result.Snapshot is not { } snapshot)
        {
            _host.Services.Telemetry.Metrics.SetSynchronized(false);
            foreach (var error in result.Errors)
            {
                LogRefused(error.ToString());
            }

            LogKept(result.Errors.Count);
            return;
        }

        try
        {
            await _host.ApplyAsync(snapshot, CancellationToken.None);
            LogApplied();
            TellOfSettings(ReadAtStart(result.Settings));
        }
        catch (Exception error) when (error is IOException or InvalidOperationException or OperationCanceledException or FormatException or ArgumentException or CryptographicException)
        {
            // Certificates, key sets and other documents are read when the snapshot is compiled.
            _host.Services.Telemetry.Metrics.SetSynchronized(false);
            LogRefused(error.Message);
            LogKept(1);
        }
    }

    private void TellOfSettings(StaticSettings? settings)
    {
        if (!Equals(settings, _settings))
        {
            LogNeedsRestart();
            _settings = settings;
        }
    }

    // Without those that take effect with the snapshot.
    private static StaticSettings? ReadAtStart(StaticSettings? settings) => settings is null ? null : settings with
    {
        Tracing = null,
        AccessLogFilter = null,
        AccessLogFields = null,
        CustomFunctions = "",
        McpSessionIdleTimeout = TimeSpan.Zero,
    };

    [LoggerMessage(Level = LogLevel.Warning, Message = "settings below `config` have changed; those that are read at start (addresses, log level, DNS, secrets...) take effect when the gateway is started again")]
    private partial void LogNeedsRestart();

    [LoggerMessage(Level = LogLevel.Information, Message = "configuration reloaded")]
    private partial void LogApplied();

    [LoggerMessage(Level = LogLevel.Error, Message = "configuration refused: {Error}")]
    private partial void LogRefused(string error);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Count} configuration error(s): the last good configuration stays in force")]
    private partial void LogKept(int count);
}
