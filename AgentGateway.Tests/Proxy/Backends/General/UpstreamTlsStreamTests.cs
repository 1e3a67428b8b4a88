using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Proxy.Backends.General;
using AgentGateway.Tests.Proxy.Listeners;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.General;

public sealed class UpstreamTlsStreamTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Request_WhileBytesAreLeftBehindAResponse_DoesNotBegin()
    {
        var (client, server) = await ConnectAsync();
        await using var ownsClient = client;
        await using var ownsServer = server;
        await server.WriteAsync("response+more"u8.ToArray(), Cancelled);

        Assert.Equal("response", await ReadAsync(client, 8));

        await Assert.ThrowsAsync<IOException>(() => client.WriteAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n"u8.ToArray(), Cancelled).AsTask());
    }

    [Fact]
    public async Task OtherBytes_WhileBytesAreLeft_PassBothWays()
    {
        var (client, server) = await ConnectAsync();
        await using var ownsClient = client;
        await using var ownsServer = server;
        await server.WriteAsync("switched+more"u8.ToArray(), Cancelled);

        Assert.Equal("switched", await ReadAsync(client, 8));
        await client.WriteAsync("other\r\n"u8.ToArray(), Cancelled);

        Assert.Equal("other\r\n", await ReadAsync(server, 7));
        Assert.Equal("+more", await ReadAsync(client, 5));
    }

    [Fact]
    public async Task Request_AfterAllWasRead_Begins()
    {
        var (client, server) = await ConnectAsync();
        await using var ownsClient = client;
        await using var ownsServer = server;
        var body = new string('x', 100_000);
        var sending = server.WriteAsync(Encoding.ASCII.GetBytes(body), Cancelled);

        Assert.Equal(body, await ReadAsync(client, body.Length));
        await sending;
        await client.WriteAsync("GET / HTTP/1.1\r\n"u8.ToArray(), Cancelled);

        Assert.Equal("GET / HTTP/1.1\r\n", await ReadAsync(server, 16));
    }

    public void Dispose() => _certificates.Dispose();

    private async Task<(UpstreamTlsStream Client, SslStream Server)> ConnectAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var near = new TcpClient();
        var accepting = listener.AcceptSocketAsync(Cancelled);
        await near.ConnectAsync((IPEndPoint)listener.LocalEndpoint, Cancelled);
        var client = new UpstreamTlsStream(near.GetStream());
        var server = new SslStream(new NetworkStream(await accepting, ownsSocket: true));
        var options = new SslClientAuthenticationOptions { TargetHost = "a", RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is { Subject: "CN=a" } };
        await Task.WhenAll(server.AuthenticateAsServerAsync(_certificates.Client("a")), client.AuthenticateAsClientAsync(options, Cancelled));
        return (client, server);
    }

    private static async Task<string> ReadAsync(Stream stream, int count)
    {
        var buffer = new byte[count];
        await stream.ReadExactlyAsync(buffer, Cancelled);
        return Encoding.ASCII.GetString(buffer);
    }
}
