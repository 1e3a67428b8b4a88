using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Forwarding;

/// <summary>Kestrel with nothing but one backend behind it, called with the settings of a test.</summary>
internal sealed class CallingGateway : IAsyncDisposable
{
    private readonly GatewayServices _services;
    private readonly HttpBackend _backend;
    private readonly KestrelHost _kestrel;
    private readonly KestrelServer _server;

    private CallingGateway(GatewayServices services, HttpBackend backend, KestrelHost kestrel, KestrelServer server)
    {
        (_services, _backend, _kestrel, _server) = (services, backend, kestrel, server);
        Client = new HttpClient(new SocketsHttpHandler { ActivityHeadersPropagator = null, UseProxy = false }) { BaseAddress = new Uri(KestrelHost.AddressesOf(server).First()) };
    }

    public HttpClient Client { get; }

    public static Task<CallingGateway> StartAsync(RawUpstream upstream, BackendCall call, IHostResolver? resolver = null, TimeProvider? time = null) =>
        StartAsync(new TargetAddress(resolver is null ? "127.0.0.1" : "named.example", upstream.Port), call, resolver, time);

    public static async Task<CallingGateway> StartAsync(TargetAddress target, BackendCall call, IHostResolver? resolver = null, TimeProvider? time = null)
    {
        var logs = new CapturedLogs();
        var services = new GatewayServices(new StaticSettings(), time ?? TimeProvider.System, logs);
        var backend = new HttpBackend(target, services, new SocketConnector(TimeProvider.System), resolver ?? new SystemHostResolver());
        var kestrel = new KestrelHost(logs);
        var server = kestrel.Create(options => options.Listen(IPAddress.Loopback, 0));
        var bind = new BindSnapshot { Key = "bind/0", Port = 0 };
        await using var generation = new NoBackends(services);
        var runtime = GatewayRuntime.Compile(new GatewaySnapshot { Binds = [bind] }, services, generation.Value);
        await server.StartAsync(new Application(services, runtime, backend, call), TestContext.Current.CancellationToken);
        return new CallingGateway(services, backend, kestrel, server);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _server.StopAsync(CancellationToken.None);
        _server.Dispose();
        await _kestrel.DisposeAsync();
        await _backend.DisposeAsync();
        await _services.DisposeAsync();
    }

    private sealed class NoBackends(GatewayServices services) : IAsyncDisposable
    {
        public BackendRegistry.Generation Value { get; } = services.Backends.BeginGeneration(GatewaySnapshot.Empty);

        public ValueTask DisposeAsync() => Value.CommitAsync();
    }

    private sealed class Application(GatewayServices services, GatewayRuntime runtime, HttpBackend backend, BackendCall call) : IHttpApplication<RequestContext>
    {
        public RequestContext CreateContext(IFeatureCollection contextFeatures)
        {
            var context = new RequestContext();
            context.Initialize(contextFeatures, services, runtime, runtime.Binds["bind/0"]);
            return context;
        }

        public async Task ProcessRequestAsync(RequestContext context)
        {
            if (await HttpForwarder.ForwardAsync(context, backend, call) is { } reply)
            {
                await ReplyWriter.WriteAsync(context, reply);
            }
        }

        public void DisposeContext(RequestContext context, Exception? exception) => context.Release();
    }
}
