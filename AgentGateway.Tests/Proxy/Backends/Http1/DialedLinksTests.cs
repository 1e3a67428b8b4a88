using System.Security.Cryptography.X509Certificates;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Http1;

/// <summary>HTTP/1.1 through a proxy's tunnel, with and without TLS on either part of the way.</summary>
public sealed class DialedLinksTests : IDisposable
{
    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;

    public DialedLinksTests() => _certificate = _certificates.Client("upstream.example");

    [Theory]
    [InlineData(false, false)]
    [InlineData(false, true)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task Tunnel_ManyRequests_GoThroughOneInTurn(bool tlsToProxy, bool tlsToTarget)
    {
        await using var proxy = Proxy(tlsToProxy, tlsToTarget, async peer =>
        {
            while (true)
            {
                var head = await peer.ReadHeadAsync();
                var body = head.Contains("chunked", StringComparison.Ordinal) ? await peer.ReadUntilAsync("\r\n\r\n") : "";

                // An answer without a body reaches the client when the connection is free for the next request.
                await peer.SendAsync($"HTTP/1.1 200 OK\r\nX-Target: {head.Split(' ')[1]}\r\nX-Body: {body.Replace("\r\n", "|", StringComparison.Ordinal)}\r\nContent-Length: 0\r\n\r\n");
            }
        });
        await using var gateway = await StartAsync(proxy, tlsToProxy, tlsToTarget);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        for (var i = 0; i < 3; i++)
        {
            await client.SendAsync($"GET /{i} HTTP/1.1\r\nHost: a\r\n\r\n");
            Assert.Contains($"X-Target: /{i}\r\n", await client.ReadHeadAsync(), StringComparison.Ordinal);
        }

        await client.SendAsync("POST /4 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3\r\none\r\n0\r\nX-Sum: 9\r\n\r\n");
        Assert.Contains("X-Body: 3|one|0|X-Sum: 9||\r\n", await client.ReadHeadAsync(), StringComparison.Ordinal);
        Assert.Equal(1, proxy.Connections);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Tunnel_EarlyRefusalWhileTheBodyIsSent_ReachesTheClient(bool tlsToProxy, bool tlsToTarget)
    {
        await using var proxy = Proxy(tlsToProxy, tlsToTarget, async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await StartAsync(proxy, tlsToProxy, tlsToTarget);

        var (head, body) = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n" + new string('x', 1000));

        Assert.StartsWith("HTTP/1.1 413 ", head, StringComparison.Ordinal);
        Assert.Equal("big", body);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Tunnel_Upgrade_BytesPassBothWays(bool tlsToProxy, bool tlsToTarget)
    {
        await using var proxy = Proxy(tlsToProxy, tlsToTarget, async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
            await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4));
        });
        await using var gateway = await StartAsync(proxy, tlsToProxy, tlsToTarget);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /ws HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        await client.ReadHeadAsync();
        await client.SendAsync("ping");

        Assert.Equal("echo:ping", await client.ReadToEndAsync());
    }

    [Fact]
    public async Task Tunnel_ProxyThatDoesNotAnswer_TimesOut()
    {
        await using var proxy = RawUpstream.Start(async peer => await peer.ReadToEndAsync());
        await using var gateway = await StartAsync(proxy, false, false, ", tcp: {keepalives: {}, connectTimeout: 200ms}");

        var (head, body) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.Equal("upstream call failed: connect timed out", body);
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _certificates.Dispose();
    }

    // The proxy is its own target.
    private RawUpstream Proxy(bool tlsToProxy, bool tlsToTarget, Func<RawPeer, Task> target) => RawUpstream.Start(async peer =>
    {
        if (tlsToProxy)
        {
            await peer.SecureAsync(_certificate);
        }

        Assert.StartsWith("CONNECT target.example:8443 HTTP/1.1\r\n", await peer.ReadHeadAsync(), StringComparison.Ordinal);
        await peer.SendAsync("HTTP/1.1 200 Connection established\r\n\r\n");
        if (tlsToTarget)
        {
            await peer.SecureAsync(_certificate);
        }

        await target(peer);
    });

    private static Task<TestGateway> StartAsync(RawUpstream proxy, bool tlsToProxy, bool tlsToTarget, string more = "") => ConfiguredGateway.StartAsync($$"""
        binds:
        - port: {{ConfiguredGateway.FreePorts(1)[0]}}
          listeners:
          - routes:
            - backends:
              - host: target.example:8443
                policies: {backendTunnel: {proxy: {host: "127.0.0.1:{{proxy.Port}}"}{{(tlsToProxy ? ", policies: {backendTLS: {insecure: true} }" : "")}}}{{(tlsToTarget ? ", backendTLS: {insecure: true}" : "")}}{{more}}}
        """);
}
