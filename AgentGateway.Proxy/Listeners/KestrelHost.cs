using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Connections;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace AgentGateway.Proxy.Listeners;

/// <summary>
/// Makes Kestrel servers, one for each port: a port can be opened, changed and drained by itself while the others go on.
/// The servers share one socket transport.
/// </summary>
internal sealed class KestrelHost : IAsyncDisposable
{
    private readonly WebApplication _services;
    private readonly ILoggerFactory _logging;

    public KestrelHost(ILoggerFactory logging)
    {
        _logging = logging;

        // RFC 9112, 2.2 lets a server take a bare LF for a line end; a proxy that does reads messages otherwise than those before and behind it.
        AppContext.SetSwitch("Microsoft.AspNetCore.Server.Kestrel.DisableHttp1LineFeedTerminators", true);

        // Never started: it only builds the services that Kestrel's TLS and connection features resolve.
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.WebHost.UseKestrelCore();
        builder.Services.AddSingleton(logging);
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, ConnectionBuffersFactory>();
        builder.Services.Configure<SocketTransportOptions>(options =>
        {
            // Work continues on the socket thread: thread hops were over half of the CPU of a request (performance notes, section 2).
            options.UnsafePreferInlineScheduling = InlineScheduling.IsEnabled;
            options.WaitForDataBeforeAllocatingBuffer = false;
            options.NoDelay = true;
        });
        _services = builder.Build();
        Transport = _services.Services.GetRequiredService<IConnectionListenerFactory>();
    }

    /// <summary>The socket transport.</summary>
    public IConnectionListenerFactory Transport { get; }

    /// <summary>
    /// Makes a server; the caller adds endpoints in <paramref name="configure"/> and starts it. Connections come from
    /// <paramref name="transport"/>, or from sockets when none is given; the server logs to <paramref name="logging"/>, or to the logs of the process.
    /// </summary>
    public KestrelServer Create(Action<KestrelServerOptions> configure, IConnectionListenerFactory? transport = null, ILoggerFactory? logging = null)
    {
        var options = new KestrelServerOptions { ApplicationServices = _services.Services, AddServerHeader = false, AllowSynchronousIO = false };
        configure(options);
        return new KestrelServer(Options.Create(options), transport ?? Transport, logging ?? _logging);
    }

    /// <summary>Makes a server and throws it away, so that the code of the first real one is compiled already.</summary>
    public static async Task WarmAsync()
    {
        await using var host = new KestrelHost(NullLoggerFactory.Instance);
        using var server = host.Create(static _ => { });
    }

    /// <summary>Addresses on which a server listens, with the ports that the operating system chose.</summary>
    public static IReadOnlyCollection<string> AddressesOf(KestrelServer server) =>
        server.Features.Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.ToArray();

    public ValueTask DisposeAsync() => _services.DisposeAsync();
}
