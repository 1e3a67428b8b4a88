using System.Net;
using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.General;

/// <summary>A well-behaved upstream that speaks HTTP/2 or TLS.</summary>
internal sealed class KestrelUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;

    private KestrelUpstream(WebApplication app) => _app = app;

    public int Port => new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()).Port;

    public HostBackendSnapshot Backend => new() { Key = "/upstream", Target = new TargetAddress("127.0.0.1", Port) };

    /// <summary>Starts on a port of its own, or on the one that is given.</summary>
    public static async Task<KestrelUpstream> StartAsync(Action<ListenOptions> listen, RequestDelegate answer, int port = 0)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, port, listen));
        var app = builder.Build();
        app.Run(answer);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new KestrelUpstream(app);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
