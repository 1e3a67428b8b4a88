using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Admin;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Listeners.Connections;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Hosting;

/// <summary>
/// A running gateway: open ports, the runtime they serve, and the management servers. Configuration comes in as snapshots; who loads and
/// watches files is not its concern.
/// </summary>
internal sealed partial class GatewayHost : IAsyncDisposable
{
    private readonly ILogger _logger;
    private readonly KestrelHost _kestrel;
    private readonly GatewayState _state;
    private readonly PortDirectory _ports = new();
    private readonly Readiness _readiness = new();
    private readonly ManagementServers _management;
    private readonly SemaphoreSlim _applying = new(1, 1);
    private readonly Dictionary<string, BindServer> _binds = new(StringComparer.Ordinal);
    private readonly List<Task> _draining = [];

    public GatewayHost(GatewayServices services)
    {
        Services = services;
        _logger = services.Logging.CreateLogger("agentgateway::host");
        _kestrel = new KestrelHost(services.Logging);
        _state = new GatewayState(GatewayRuntime.Compile(GatewaySnapshot.Empty, services, services.Backends.BeginGeneration(GatewaySnapshot.Empty)));
        _management = new ManagementServers(services, _kestrel, _readiness, _state);
    }

    public GatewayServices Services { get; }

    /// <summary>Completed when somebody asked over the admin API that the process ends.</summary>
    public Task QuitRequested => _management.QuitRequested;

    /// <summary>Open ports by bind key, also those that the operating system chose.</summary>
    public IReadOnlyDictionary<string, int> Ports => _binds.ToDictionary(bind => bind.Key, bind => bind.Value.Port, StringComparer.Ordinal);

    /// <summary>Addresses of the management servers that are switched on: <c>admin</c>, <c>stats</c>, <c>readiness</c>.</summary>
    public IReadOnlyDictionary<string, Uri> ManagementAddresses => _management.Addresses;

    /// <summary>Opens the management servers, then the ports of the first snapshot. Throws when a port cannot be opened.</summary>
    /// <exception cref="IOException">A port is in use or may not be opened.</exception>
    public async Task StartAsync(GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        _readiness.Pending("configuration");
        await _management.StartAsync(cancellationToken);
        var failures = await ApplyAsync(snapshot, cancellationToken);
        if (failures.Count > 0)
        {
            throw new IOException("failed to start bind listener(s): " + string.Join("; ", failures));
        }

        _readiness.Done("configuration");
        LogReady(string.Join(", ", _binds.Values.Select(bind => bind.Port).Where(port => port > 0).Order()));
    }

    /// <summary>
    /// Makes a snapshot current: compiles it aside, swaps one reference, opens new ports and drains removed ones. Requests under way finish on
    /// the snapshot they started with. Returns a message for each port that could not be opened; the rest is applied all the same.
    /// </summary>
    public async Task<IReadOnlyList<string>> ApplyAsync(GatewaySnapshot snapshot, CancellationToken cancellationToken)
    {
        await _applying.WaitAsync(cancellationToken);
        try
        {
            var generation = Services.Backends.BeginGeneration(snapshot);
            GatewayRuntime runtime;
            try
            {
                runtime = GatewayRuntime.Compile(snapshot, Services, generation);
                await Services.Documents.PrepareAsync(cancellationToken);
            }
            catch
            {
                await generation.AbandonAsync();
                throw;
            }

            Services.Telemetry.Configure(snapshot);
            var before = _state.Current;
            _state.Swap(runtime);

            // A port that becomes internal must not stay open to everybody, and one that was internal has no socket yet.
            foreach (var (key, server) in _binds.Where(bind => !runtime.Binds.TryGetValue(bind.Key, out var next) || next.Snapshot.Internal != bind.Value.IsInternal).ToList())
            {
                _binds.Remove(key);
                lock (_draining)
                {
                    _draining.RemoveAll(task => task.IsCompleted);
                    _draining.Add(DrainAsync(server));
                }
            }

            var failures = new List<string>();
            foreach (var (key, bind) in runtime.Binds)
            {
                if (_binds.TryGetValue(key, out var open))
                {
                    open.Apply(before.Binds[key], bind, snapshot.Frontend);
                    continue;
                }

                var server = new BindServer(bind, _state, Services, _kestrel, _ports);
                try
                {
                    await server.StartAsync(cancellationToken);
                    _binds.Add(key, server);
                }
                catch (Exception error) when (error is IOException or SocketException)
                {
                    await server.DisposeAsync();
                    failures.Add($"{key}: {error.Message}");
                    LogBindFailed(key, error.Message);
                }
            }

            await generation.CommitAsync();
            return failures;
        }
        finally
        {
            _applying.Release();
        }
    }

    /// <summary>
    /// Stops in order: not ready, no new connections, open requests drain up to the deadline, backends end their children and sessions,
    /// telemetry is flushed, management servers close last.
    /// </summary>
    public async Task StopAsync()
    {
        _readiness.Pending("shutting down");
        if (Services.Settings.ConnectionMinTerminationDeadline is { Ticks: > 0 } notice)
        {
            // Load balancers see that the process is not ready and send their new connections elsewhere; those of the meantime are still served.
            await Task.Delay(notice, Services.Time);
        }

        Services.BeginStopping();
        using (var deadline = new CancellationTokenSource(Services.Settings.ConnectionTerminationDeadline, Services.Time))
        {
            await Task.WhenAll(_binds.Values.Select(bind => bind.StopAsync(deadline.Token)).Concat(_draining));
        }

        await Services.DisposeAsync();
        await _management.StopAsync();
        LogStopped();
    }

    /// <summary>Completed when the ports that reloads have removed so far are drained.</summary>
    internal Task DrainedAsync()
    {
        lock (_draining)
        {
            return Task.WhenAll(_draining);
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var bind in _binds.Values)
        {
            await bind.DisposeAsync();
        }

        await _management.DisposeAsync();
        await _kestrel.DisposeAsync();
        _applying.Dispose();
    }

    private async Task DrainAsync(BindServer server)
    {
        LogDraining(server.Key);
        using var deadline = new CancellationTokenSource(Services.Settings.ConnectionTerminationDeadline, Services.Time);
        await server.StopAsync(deadline.Token);
        await server.DisposeAsync();
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "ready, listening on port(s) {Ports}")]
    private partial void LogReady(string ports);

    [LoggerMessage(Level = LogLevel.Error, Message = "failed to start bind listener {Bind}: {Error}")]
    private partial void LogBindFailed(string bind, string error);

    [LoggerMessage(Level = LogLevel.Information, Message = "draining {Bind}: the configuration no longer has this port, or has it of another mode")]
    private partial void LogDraining(string bind);

    [LoggerMessage(Level = LogLevel.Information, Message = "stopped")]
    private partial void LogStopped();
}
