using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace AgentGateway.Proxy.Listeners;

/// <summary>The open socket of one port.</summary>
internal sealed class BindServer : IAsyncDisposable
{
    private readonly KestrelServer _server;
    private readonly GatewayApplication _application;

    public BindServer(BindRuntime bind, GatewayState state, GatewayServices services, KestrelHost kestrel)
    {
        Key = bind.Snapshot.Key;
        _application = new GatewayApplication(Key, state, services);
        _server = kestrel.Create(options =>
        {
            // Body sizes are bounded where a policy or a protocol reads bodies; a proxied stream has no size limit of its own.
            options.Limits.MaxRequestBodySize = null;
            options.Limits.MinRequestBodyDataRate = null;
            options.Limits.MinResponseDataRate = null;
            options.Limits.KeepAliveTimeout = TimeSpan.FromMinutes(10);
            options.Listen(ListenAddress.Any(bind.Snapshot.Port, services.Settings.EnableIpv6), listen => listen.Protocols = HttpProtocols.Http1AndHttp2);
        });
    }

    public string Key { get; }

    /// <summary>Port that is listened on, also when the operating system chose it.</summary>
    public int Port { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _server.StartAsync(_application, cancellationToken);
        Port = new Uri(KestrelHost.AddressesOf(_server).First().Replace("[::]", "localhost", StringComparison.Ordinal)).Port;
    }

    /// <summary>Stops accepting and waits for open requests until <paramref name="deadline"/> is cancelled, then cuts them.</summary>
    public Task StopAsync(CancellationToken deadline) => _server.StopAsync(deadline);

    public ValueTask DisposeAsync()
    {
        _server.Dispose();
        return ValueTask.CompletedTask;
    }
}
