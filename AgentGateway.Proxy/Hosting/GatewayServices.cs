using System.Collections.Frozen;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Documents;
using AgentGateway.Proxy.Policies.RemoteRateLimit;
using AgentGateway.Proxy.Telemetry;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Hosting;

/// <summary>What lives as long as the process, whatever configuration comes and goes: clock, logs, telemetry, backend state.</summary>
internal sealed class GatewayServices : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();

    public GatewayServices(StaticSettings settings, TimeProvider time, ILoggerFactory logging, TelemetryConnections? telemetry = null)
    {
        Settings = settings;
        SensitiveHeaders = settings.SensitiveHeaders.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
        Time = time;
        Logging = logging;
        Telemetry = new GatewayTelemetry(settings, time, logging, telemetry);
        Connector = new SocketConnector(time, Telemetry.Metrics);
        Resolver = new SystemHostResolver(settings.Dns.LookupFamily ?? DnsLookupFamily.Auto);
        Dialer = new UpstreamDialer(Connector, Resolver, time, Telemetry.Metrics);
        CalloutClients = new CalloutClients(Dialer);
        Documents = new RemoteDocuments(time, logging);
        Callouts = new CalloutHttp(time);
        Redis = new RedisConnections(time);
        Backends = new BackendRegistry(this);
    }

    public StaticSettings Settings { get; }

    /// <summary>Headers that <c>redacted()</c> masks besides the ones it always does, in any case: <c>config.sensitiveHeaders</c>.</summary>
    public FrozenSet<string> SensitiveHeaders { get; }

    public TimeProvider Time { get; }

    public ILoggerFactory Logging { get; }

    /// <summary>State of policies that outlives a reload.</summary>
    public PolicyState PolicyState { get; } = new();

    public GatewayTelemetry Telemetry { get; }

    /// <summary>Makes sockets to upstreams.</summary>
    public IConnector Connector { get; }

    /// <summary>Finds the addresses of upstreams.</summary>
    public IHostResolver Resolver { get; }

    /// <summary>Makes connections to upstreams with tunnel and TLS.</summary>
    public UpstreamDialer Dialer { get; }

    /// <summary>Key sets and discovery documents that policies fetch.</summary>
    public RemoteDocuments Documents { get; }

    /// <summary>Sends what policies ask of identity providers.</summary>
    public CalloutHttp Callouts { get; }

    /// <summary>Connections to services that policies call.</summary>
    public CalloutClients CalloutClients { get; }

    /// <summary>Connections to Redis servers.</summary>
    public RedisConnections Redis { get; }

    /// <summary>Handlers by backend; one whose configuration did not change survives a reload with its connections and sessions.</summary>
    public BackendRegistry Backends { get; }

    /// <summary>
    /// Cancelled when the process begins to stop. Streams that would stay open for ever (event streams without a request under way) end on it;
    /// ordinary requests drain.
    /// </summary>
    public CancellationToken Stopping => _stopping.Token;

    public void BeginStopping() => _stopping.Cancel();

    public async ValueTask DisposeAsync()
    {
        await Backends.DisposeAsync();
        await Telemetry.DisposeAsync();
        Documents.Dispose();
        Callouts.Dispose();
        CalloutClients.Dispose();
        await Redis.DisposeAsync();
        _stopping.Dispose();
    }
}
