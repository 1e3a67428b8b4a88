using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Tests.Proxy.Listeners;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Http1;

/// <summary>A connection behind TLS, by itself.</summary>
public sealed class TlsLinkTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;

    public TlsLinkTests() => _certificate = _certificates.Client("upstream.example");

    [Fact]
    public async Task EndSending_TheOtherSideSeesTheEndAndGoesOn()
    {
        await using var upstream = RawUpstream.StartSecure(_certificate, async peer => await peer.SendAsync("after " + await peer.ReadToEndAsync()));
        using var link = await ConnectAsync(upstream);

        await link.SendAsync("all"u8.ToArray());
        await link.EndSendingAsync();

        Assert.Equal("after all", await ReadToEndAsync(link));
    }

    [Fact]
    public async Task Receive_ThatIsStartedEarly_CompletesWithWhatComesAndWithNothingElse()
    {
        await using var upstream = RawUpstream.StartSecure(_certificate, async peer =>
        {
            // Its session tickets have gone with the first of these.
            await peer.SendAsync("one");
            await peer.ReadUntilAsync("go");
            await peer.SendAsync("two");
        });
        using var link = await ConnectAsync(upstream);
        var buffer = new byte[16];

        link.Start(buffer);
        var first = await link.TakeAsync();
        link.Start(buffer.AsMemory(first));
        var early = link.IsCompleted;
        await link.SendAsync("go"u8.ToArray());
        var second = await link.TakeAsync();

        Assert.False(early);
        Assert.False(link.IsPending);
        Assert.Equal("onetwo", Encoding.ASCII.GetString(buffer, 0, first + second));
    }

    [Fact]
    public async Task Receive_OfALinkThatIsDisposedOf_FailsAsThatOfASocket()
    {
        await using var upstream = RawUpstream.StartSecure(_certificate, peer => peer.ReadToEndAsync());
        using var link = await ConnectAsync(upstream);

        link.Start(new byte[16]);
        link.Dispose();

        var error = await Assert.ThrowsAnyAsync<Exception>(() => link.TakeAsync().AsTask());
        Assert.True(error is SocketException or ObjectDisposedException, error.ToString());
        error = await Assert.ThrowsAnyAsync<Exception>(() => link.SendAsync(new byte[1]).AsTask());
        Assert.True(error is SocketException or ObjectDisposedException, error.ToString());
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _certificates.Dispose();
    }

    private static async Task<TlsLink> ConnectAsync(RawUpstream upstream)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, upstream.Port), TestContext.Current.CancellationToken);
        var stream = new SslStream(new NetworkStream(socket, ownsSocket: true));
        var options = new SslClientAuthenticationOptions
        {
            TargetHost = "upstream.example",
            RemoteCertificateValidationCallback = static (_, presented, _, _) => presented is { Subject: "CN=upstream.example" },
        };
        await stream.AuthenticateAsClientAsync(options, TestContext.Current.CancellationToken);
        return new TlsLink(stream);
    }

    private static async Task<string> ReadToEndAsync(TlsLink link)
    {
        var buffer = new byte[100];
        var length = 0;
        int read;
        while ((read = await link.ReceiveAsync(buffer.AsMemory(length))) > 0)
        {
            length += read;
        }

        return Encoding.ASCII.GetString(buffer, 0, length);
    }
}
