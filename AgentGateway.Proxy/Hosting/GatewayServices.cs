using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Hosting;

/// <summary>What lives as long as the process, whatever configuration comes and goes: clock, logs, telemetry, backend state.</summary>
internal sealed class GatewayServices : IAsyncDisposable
{
    public GatewayServices(StaticSettings settings, TimeProvider time, ILoggerFactory logging)
    {
        Settings = settings;
        Time = time;
        Logging = logging;
        Telemetry = new GatewayTelemetry(settings, time, logging);
        Backends = new BackendRegistry(this);
    }

    public StaticSettings Settings { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Logging { get; }

    public GatewayTelemetry Telemetry { get; }

    /// <summary>Handlers by backend; one whose configuration did not change survives a reload with its connections and sessions.</summary>
    public BackendRegistry Backends { get; }

    public async ValueTask DisposeAsync()
    {
        await Backends.DisposeAsync();
        await Telemetry.DisposeAsync();
    }
}
