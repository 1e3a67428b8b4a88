using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGateway.Proxy.Admin;

/// <summary>The three servers beside the data plane: admin API, metrics, readiness. Each has an address of its own or is switched off.</summary>
internal sealed class ManagementServers : IAsyncDisposable
{
    private readonly List<(string Name, string Address, KestrelServer Server, ManagementApplication Application)> _servers = [];
    private readonly Dictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _quit = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ManagementServers(GatewayServices services, KestrelHost kestrel, Readiness readiness, GatewayState state)
    {
        var settings = services.Settings;
        Add(kestrel, "admin", settings.AdminAddress, new AdminApi(services, state, _quit).Application);
        Add(kestrel, "stats", settings.StatsAddress, new ManagementApplication([
            new("GET", "/metrics", services.Telemetry.WriteMetricsAsync),
            new("GET", "/stats/prometheus", services.Telemetry.WriteMetricsAsync),
        ]));
        Add(kestrel, "readiness", settings.ReadinessAddress, new ManagementApplication([
            new("GET", "/healthz/ready", context => WriteReadinessAsync(context, readiness)),
        ]));
    }

    /// <summary>Base addresses of the servers that listen, by name.</summary>
    public IReadOnlyDictionary<string, Uri> Addresses => _addresses;

    /// <summary>Completed by <c>POST /quitquitquit</c>.</summary>
    public Task QuitRequested => _quit.Task;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var (name, address, server, application) in _servers)
        {
            try
            {
                ListenAddress.RemoveStale(address);
                await server.StartAsync(application, cancellationToken);
            }
            catch (IOException error)
            {
                throw new IOException($"failed to open the {name} address {address}: {error.Message} (set another with config.{name}Addr, or \"off\")", error);
            }

            var first = KestrelHost.AddressesOf(server).First();
            if (Uri.TryCreate(first.Replace("[::]", "localhost", StringComparison.Ordinal).Replace("0.0.0.0", "localhost", StringComparison.Ordinal), UriKind.Absolute, out var uri))
            {
                _addresses[name] = uri;
            }
        }
    }

    public async Task StopAsync()
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(1));
        await Task.WhenAll(_servers.Select(server => server.Server.StopAsync(deadline.Token)));
    }

    public ValueTask DisposeAsync()
    {
        foreach (var server in _servers)
        {
            server.Server.Dispose();
        }

        return ValueTask.CompletedTask;
    }

    private void Add(KestrelHost kestrel, string name, string? address, ManagementApplication application)
    {
        if (address is not null)
        {
            try
            {
                _servers.Add((name, address, kestrel.Create(options => ListenAddress.Listen(options, address)), application));
            }
            catch (FormatException error)
            {
                throw new IOException($"failed to open the {name} address: {error.Message} (config.{name}Addr)", error);
            }
        }
    }

    private static Task WriteReadinessAsync(HttpContext context, Readiness readiness)
    {
        var outstanding = readiness.Outstanding();
        context.Response.ContentType = "text/plain";
        context.Response.StatusCode = outstanding.Length == 0 ? StatusCodes.Status200OK : StatusCodes.Status500InternalServerError;
        return context.Response.WriteAsync(outstanding.Length == 0 ? "ready\n" : $"not ready, pending: {string.Join(", ", outstanding)}\n");
    }
}
