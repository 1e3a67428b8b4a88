using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.General;

/// <summary>Responses of upstreams behind TLS and HTTP/2 that break the rules.</summary>
public sealed class GeneralResponseTests : IDisposable
{
    private const string Tls = "{backendTLS: {insecure: true}}";
    private const string Http2 = "{http: {version: '2'}}";

    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("HTTP/1.1 099 Odd\r\nContent-Length: 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: -2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: +2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2, 2\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok")]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\nok")]
    [InlineData("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n")]
    [InlineData("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxx\r\nok\r\n0\r\n\r\n")]
    public async Task Response_OfATlsUpstreamThatCanBeReadInTwoWays_Answers503(string response)
    {
        await using var upstream = AnsweringOverTls(Encoding.Latin1.GetBytes(response));
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.StartsWith("upstream call failed: invalid response", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_OfATlsUpstreamThatClosesAtOnce_Answers503AndSaysSo()
    {
        await using var upstream = AnsweringOverTls([]);
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

        using var answer = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("once"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal("upstream call failed: connection closed before a response came", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("\u00e9", "\u00e9")] // one byte: Latin-1
    [InlineData("\u00c3\u00a9", "\u00e9")] // two bytes: UTF-8
    public async Task Response_HeaderOfATlsUpstreamBeyondAscii_PassesAsUtf8(string sent, string received)
    {
        await using var upstream = AnsweringOverTls(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nX-Name: {sent}\r\nContent-Length: 0\r\n\r\n"));
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        var (head, _) = await peer.ReadResponseAsync();

        Assert.Contains($"X-Name: {received}\r\n", Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(head)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Response_OfAnHttp2UpstreamLongerThanItSays_Answers503()
    {
        await using var upstream = AnsweringOverHttp2("2", "longer");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Http2);

        using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        Assert.Equal(
            "upstream call failed: invalid response: its body is longer than its Content-Length", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Response_OfAnHttp2UpstreamShorterThanItSays_NeverLooksWhole()
    {
        await using var upstream = AnsweringOverHttp2("9", "short");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Http2);

        await Assert.ThrowsAsync<HttpRequestException>(() => gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    public void Dispose() => _certificates.Dispose();

    // Answers the first request of each connection, and closes it.
    private RawUpstream AnsweringOverTls(byte[] response) => RawUpstream.Start(async peer =>
    {
        await using var secure = new SslStream(new NetworkStream(peer.Socket));
        await secure.AuthenticateAsServerAsync(_certificates.Client("upstream.example"));
        var head = new StringBuilder();
        var buffer = new byte[4096];
        while (!head.ToString().Contains("\r\n\r\n", StringComparison.Ordinal))
        {
            var read = await secure.ReadAsync(buffer);
            if (read == 0)
            {
                return;
            }

            head.Append(Encoding.Latin1.GetString(buffer, 0, read));
        }

        await secure.WriteAsync(response);
        await secure.ShutdownAsync();

        // The gateway says when it has read everything: a connection with unread bytes would be reset.
        while (await secure.ReadAsync(buffer) > 0)
        {
        }
    });

    // Frames by hand (RFC 9113, 6): SETTINGS, its acknowledgement, then HEADERS and DATA of the first stream.
    private static RawUpstream AnsweringOverHttp2(string length, string body) => RawUpstream.Start(async peer =>
    {
        await peer.ReadUntilAsync("SM\r\n\r\n");
        await peer.SendAsync([.. Frame(4, 0, 0, []), .. Frame(4, 1, 0, [])]);
        byte[] fields = [0x88, 0x0f, 0x0d, (byte)length.Length, .. Encoding.ASCII.GetBytes(length)]; // :status 200; content-length
        while (true)
        {
            var head = await peer.ReadBytesAsync(9);
            await peer.ReadBytesAsync((head[0] << 16) | (head[1] << 8) | head[2]);
            if (head[3] == 1)
            {
                await peer.SendAsync([.. Frame(1, 4, 1, fields), .. Frame(0, 1, 1, Encoding.ASCII.GetBytes(body))]);
            }
        }
    });

    private static byte[] Frame(byte type, byte flags, byte stream, byte[] payload) => [0, 0, (byte)payload.Length, type, flags, 0, 0, 0, stream, .. payload];
}
