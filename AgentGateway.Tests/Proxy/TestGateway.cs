using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Telemetry;
using Xunit;

namespace AgentGateway.Tests.Proxy;

/// <summary>The real gateway on loopback: Kestrel on ports that the operating system chooses, without management servers unless a test asks for the one of metrics.</summary>
internal sealed class TestGateway : IAsyncDisposable
{
    private readonly GatewayHost _host;
    private bool _stopped;

    private TestGateway(GatewayHost host, CapturedLogs logs)
    {
        _host = host;
        Logs = logs;
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, AllowAutoRedirect = false, UseCookies = false, UseProxy = false }) { BaseAddress = Address };
    }

    /// <summary>Address of the first port.</summary>
    public Uri Address => AddressOf(_host.Ports.Keys.Order(StringComparer.Ordinal).First());

    /// <summary>A client of the first port that follows no redirects and keeps no cookies.</summary>
    public HttpClient Client { get; }

    /// <summary>Everything that was logged.</summary>
    public CapturedLogs Logs { get; }

    public GatewayHost Host => _host;

    public Uri AddressOf(string bindKey) => new($"http://127.0.0.1:{_host.Ports[bindKey]}");

    public static async Task<TestGateway> StartAsync(GatewaySnapshot snapshot, StaticSettings? settings = null, TimeProvider? time = null, TelemetryConnections? telemetry = null, string? statsAddress = null)
    {
        var logs = new CapturedLogs();
        var quiet = (settings ?? new StaticSettings()) with { AdminAddress = null, StatsAddress = statsAddress, ReadinessAddress = null, EnableIpv6 = false };
        var host = new GatewayHost(new GatewayServices(quiet, time ?? TimeProvider.System, logs, telemetry));
        await host.StartAsync(snapshot, TestContext.Current.CancellationToken);
        return new TestGateway(host, logs);
    }

    /// <summary>Starts a gateway with one port and one route to the backend.</summary>
    public static Task<TestGateway> StartAsync(BackendSnapshot backend, StaticSettings? settings = null, TimeProvider? time = null) =>
        StartAsync(OneRoute(backend), settings, time);

    /// <summary>One port, one listener, one route for every path.</summary>
    public static GatewaySnapshot OneRoute(params ReadOnlySpan<BackendSnapshot> backends) => Bind([Route(0, "/", backends)]);

    /// <summary>One port and one listener with a route for each path prefix.</summary>
    public static GatewaySnapshot PrefixRoutes(params ReadOnlySpan<(string Prefix, BackendSnapshot Backend)> routes)
    {
        var snapshots = new List<RouteSnapshot>();
        foreach (var (prefix, backend) in routes)
        {
            snapshots.Add(Route(snapshots.Count, prefix, [backend]));
        }

        return Bind(snapshots);
    }

    /// <summary>Stops as the process would on SIGTERM: drains, ends children and sessions.</summary>
    public async Task StopAsync()
    {
        if (!_stopped)
        {
            _stopped = true;
            await _host.StopAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await StopAsync();
        await _host.DisposeAsync();
    }

    private static RouteSnapshot Route(int index, string prefix, ReadOnlySpan<BackendSnapshot> backends)
    {
        var choices = new List<RouteBackendSnapshot>();
        foreach (var backend in backends)
        {
            choices.Add(new RouteBackendSnapshot { Backend = backend });
        }

        return new RouteSnapshot
        {
            Key = $"default/default/bind/0/listener0/default/route{index}",
            Name = $"default/route{index}",
            Matches = [new RouteMatchSnapshot { Path = new PathMatchSnapshot(PathMatchKind.Prefix, prefix) }],
            Backends = [.. choices],
        };
    }

    private static GatewaySnapshot Bind(IEnumerable<RouteSnapshot> routes) => new()
    {
        Binds = [new BindSnapshot { Key = "bind/0", Port = 0, Listeners = [new ListenerSnapshot { Key = "default/default/bind/0/listener0", Name = "listener0", Routes = [.. routes] }] }],
    };
}
