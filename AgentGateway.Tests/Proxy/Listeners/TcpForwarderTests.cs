using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class TcpForwarderTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Fact]
    public async Task TcpListener_WhenTheServerSpeaksFirst_ForwardsBothWays()
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        await using var gateway = await StartAsync(Listener("tcp", "", ListenerProtocol.Tcp, Port(upstream)));
        var served = ServeAsync(upstream);
        using var client = await ConnectAsync(gateway);
        var stream = client.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);

        Assert.Equal("hello", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await stream.WriteAsync("ping\n"u8.ToArray(), TestContext.Current.CancellationToken);
        client.Client.Shutdown(SocketShutdown.Send);

        // The half-close reached the upstream, which answers after it.
        Assert.Equal("got ping", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        Assert.Null(await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        await served;

        static async Task ServeAsync(TcpListener listener)
        {
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            var stream = accepted.GetStream();
            await stream.WriteAsync("hello\n"u8.ToArray(), TestContext.Current.CancellationToken);
            using var reader = new StreamReader(stream, Encoding.ASCII, leaveOpen: true);
            var all = await reader.ReadToEndAsync(TestContext.Current.CancellationToken);
            await stream.WriteAsync(Encoding.ASCII.GetBytes("got " + all), TestContext.Current.CancellationToken);
        }
    }

    [Fact]
    public async Task TlsListener_WithoutCertificate_PassesTheHandshakeToTheUpstreamOfTheServerName()
    {
        using var first = new TcpListener(IPAddress.Loopback, 0);
        using var second = new TcpListener(IPAddress.Loopback, 0);
        first.Start();
        second.Start();
        await using var gateway = await StartAsync(
            Listener("a", "a.example.com", ListenerProtocol.Tls, Port(first)),
            Listener("b", "*.example.com", ListenerProtocol.Tls, Port(second)));
        var serving = Task.WhenAll(ServeTlsAsync(first, "a.example.com"), ServeTlsAsync(second, "b.example.com"));

        Assert.Equal("CN=a.example.com", await CertificateOfAsync(gateway, "a.example.com"));
        Assert.Equal("CN=b.example.com", await CertificateOfAsync(gateway, "b.example.com"));
        await serving;
    }

    [Fact]
    public async Task TlsListener_WhenTheUpstreamEnds_EndsTlsAndTheConnection()
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        await using var gateway = await StartAsync(Listener("a", "a.example.com", ListenerProtocol.Tls, Port(upstream)) with { Tls = _certificates.Server("a.example.com") });
        var served = ServeAsync(upstream);
        using var client = await ConnectAsync(gateway);
        await using var ssl = new SslStream(client.GetStream(), leaveInnerStreamOpen: true);
        await ssl.AuthenticateAsClientAsync(Trusting("a.example.com"), TestContext.Current.CancellationToken);

        using var reader = new StreamReader(ssl, Encoding.ASCII, leaveOpen: true);
        Assert.Equal("bye", await reader.ReadToEndAsync(TestContext.Current.CancellationToken));
        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        await served;
        await gateway.StopAsync();
        Assert.False(gateway.Logs.Contains("failed"));

        static async Task ServeAsync(TcpListener listener)
        {
            using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
            await accepted.GetStream().WriteAsync("bye"u8.ToArray(), TestContext.Current.CancellationToken);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Stop_WithAConnectionOnWhichNothingHappens_CutsItAtTheDeadline(bool clientHasEnded)
    {
        using var upstream = new TcpListener(IPAddress.Loopback, 0);
        upstream.Start();
        await using var gateway = await TestGateway.StartAsync(
            Snapshot(Listener("tcp", "", ListenerProtocol.Tcp, Port(upstream))), new StaticSettings { ConnectionTerminationDeadline = TimeSpan.FromMilliseconds(1) });
        using var client = await ConnectAsync(gateway);
        using var accepted = await upstream.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        if (clientHasEnded)
        {
            client.Client.Shutdown(SocketShutdown.Send);
            Assert.Equal(0, await accepted.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }

        // The time limit is for a gateway that would wait for ever.
        await gateway.StopAsync().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);

        Assert.Equal(0, await ReadToTheEndAsync(accepted));
    }

    [Fact]
    public async Task TcpListener_WhenTheUpstreamIsDown_ClosesTheConnection()
    {
        using var refusing = TestPorts.Refusing(out var port);
        await using var gateway = await StartAsync(Listener("tcp", "", ListenerProtocol.Tcp, port));
        using var client = await ConnectAsync(gateway);

        Assert.Equal(0, await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken));
    }

    public void Dispose() => _certificates.Dispose();

    private static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    private static Task<TestGateway> StartAsync(params ListenerSnapshot[] listeners) => TestGateway.StartAsync(Snapshot(listeners));

    private static GatewaySnapshot Snapshot(params ListenerSnapshot[] listeners) =>
        new() { Binds = [new BindSnapshot { Key = "bind/0", Port = 0, Listeners = [.. listeners] }] };

    // A connection that is cut may end by a reset.
    private static async Task<int> ReadToTheEndAsync(TcpClient client)
    {
        try
        {
            return await client.GetStream().ReadAsync(new byte[1], TestContext.Current.CancellationToken);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    private static ListenerSnapshot Listener(string name, string hostname, ListenerProtocol protocol, int port)
    {
        var key = $"default/default/bind/0/{name}";
        return new ListenerSnapshot
        {
            Key = key,
            Name = name,
            Hostname = hostname,
            Protocol = protocol,
            TcpRoutes =
            [
                new TcpRouteSnapshot
                {
                    Key = key + "/default/tcproute0",
                    Name = "default/tcproute0",
                    Backends = [new RouteBackendSnapshot { Backend = new HostBackendSnapshot { Key = key + "/default/tcproute0/backend0", Target = new TargetAddress("127.0.0.1", port) } }],
                },
            ],
        };
    }

    private static async Task<TcpClient> ConnectAsync(TestGateway gateway)
    {
        var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(IPAddress.Loopback, gateway.Address.Port, TestContext.Current.CancellationToken);
        return client;
    }

    private async Task ServeTlsAsync(TcpListener listener, string name)
    {
        using var accepted = await listener.AcceptTcpClientAsync(TestContext.Current.CancellationToken);
        await using var ssl = new SslStream(accepted.GetStream());
        using var certificate = _certificates.Client(name);
        await ssl.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, TestContext.Current.CancellationToken);
        try
        {
            Assert.Equal(0, await ssl.ReadAsync(new byte[1], TestContext.Current.CancellationToken));
        }
        catch (IOException)
        {
            // A client that closes before it has read the session tickets of TLS 1.3 resets its connection.
        }
    }

    private async Task<string> CertificateOfAsync(TestGateway gateway, string serverName)
    {
        using var client = await ConnectAsync(gateway);
        await using var ssl = new SslStream(client.GetStream());
        await ssl.AuthenticateAsClientAsync(Trusting(serverName), TestContext.Current.CancellationToken);
        return ssl.RemoteCertificate!.Subject;
    }

    private SslClientAuthenticationOptions Trusting(string serverName)
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck };
        policy.CustomTrustStore.Add(_certificates.Authority);
        return new SslClientAuthenticationOptions { TargetHost = serverName, CertificateChainPolicy = policy };
    }
}
