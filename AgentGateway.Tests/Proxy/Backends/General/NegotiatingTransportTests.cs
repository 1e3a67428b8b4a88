using System.Globalization;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.General;

/// <summary>Upstreams behind TLS that choose between HTTP/2 and HTTP/1.1.</summary>
public sealed class NegotiatingTransportTests : IDisposable
{
    private const string Tls = "{backendTLS: {insecure: true}}";

    private readonly TestCertificates _certificates = new();
    private readonly X509Certificate2 _certificate;

    public NegotiatingTransportTests() => _certificate = _certificates.Client("upstream.example");

    [Theory]
    [InlineData(HttpProtocols.Http1AndHttp2, "HTTP/2")]
    [InlineData(HttpProtocols.Http2, "HTTP/2")]
    [InlineData(HttpProtocols.Http1, "HTTP/1.1")]
    public async Task Requests_ManyAtOnceFromTheStart_AreSpokenAsTheUpstreamChose(HttpProtocols protocols, string expected)
    {
        await using var upstream = await StartAsync(protocols);
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

        var answers = await Task.WhenAll(Enumerable.Range(0, 32).Select(i => PostAsync(gateway, $"body {i}")));

        Assert.Equal(Enumerable.Range(0, 32).Select(i => $"{expected} body {i}"), answers);
    }

    [Fact]
    public async Task Requests_OfAnUpstreamThatChangesBetweenRestarts_AreSpokenAsItChooses()
    {
        var port = TestPorts.Free(1)[0];
        await using var gateway = await ConfiguredRoute.StartAsync(port, "{}", Tls);
        foreach (var (protocols, expected) in new[]
        {
            (HttpProtocols.Http1, "HTTP/1.1"), (HttpProtocols.Http1AndHttp2, "HTTP/2"), (HttpProtocols.Http1, "HTTP/1.1"), (HttpProtocols.Http2, "HTTP/2"),
        })
        {
            await using var upstream = await StartAsync(protocols, port);

            // The first may meet a connection of the server before, whose end is not known yet.
            var answer = "";
            for (var i = 0; i < 100 && !answer.StartsWith("HTTP", StringComparison.Ordinal); i++)
            {
                answer = await PostAsync(gateway, "body");
            }

            Assert.Equal($"{expected} body", answer);
            Assert.Equal($"{expected} again", await PostAsync(gateway, "again"));
        }
    }

    [Fact]
    public async Task Requests_OfAnUpstreamThatChoosesInTurn_AllArrive()
    {
        var chosen = new System.Collections.Concurrent.ConcurrentBag<string>();
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.SecureAsync(_certificate, number % 2 == 0 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11);
            chosen.Add(peer.Protocol.ToString());
            if (peer.Protocol == SslApplicationProtocol.Http2)
            {
                // Never lets a request in, as a server that is about to go.
                return;
            }

            await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {number.ToString(CultureInfo.InvariantCulture).Length}\r\nConnection: close\r\n\r\n{number}");
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

        // The first connection is of HTTP/1.1; the second, for the second request, of HTTP/2, so that a third is made, of HTTP/1.1 again.
        var first = await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        var second = await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(("1", "3"), (first, second));
        Assert.Equal(["h2", "http/1.1", "http/1.1"], chosen.Order());
    }

    [Fact]
    public async Task Upgrade_BesideRequestsOfHttp2_SpeaksHttp11()
    {
        await using var upstream = await StartAsync(HttpProtocols.Http1AndHttp2);
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", Tls);

        var before = await PostAsync(gateway, "a");
        var (_, upgrade) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n");
        var after = await PostAsync(gateway, "b");

        Assert.Equal("HTTP/2 a", before);
        Assert.Contains("HTTP/1.1 ", upgrade, StringComparison.Ordinal);
        Assert.Equal("HTTP/2 b", after);
    }

    [Fact]
    public async Task Request_OfVersion2ToAnUpstreamWithoutIt_Answers503AndTheNextOneAsksAgain()
    {
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.SecureAsync(_certificate, SslApplicationProtocol.Http11);
            await peer.ReadToEndAsync();
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", "{backendTLS: {insecure: true}, http: {version: '2'}}");

        for (var i = 1; i <= 2; i++)
        {
            using var answer = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
            Assert.Equal(
                "upstream call failed: the upstream does not speak the HTTP version that is asked for", await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
            Assert.Equal(i, upstream.Connections);
        }
    }

    public void Dispose()
    {
        _certificate.Dispose();
        _certificates.Dispose();
    }

    private Task<KestrelUpstream> StartAsync(HttpProtocols protocols, int port = 0) => KestrelUpstream.StartAsync(
        listen =>
        {
            listen.Protocols = protocols;
            listen.UseHttps(_certificate);
        },
        async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var answer = $"{context.Request.Protocol} {await reader.ReadToEndAsync(context.RequestAborted)}";
            context.Response.ContentLength = answer.Length;
            await context.Response.WriteAsync(answer);
        },
        port);

    private static async Task<string> PostAsync(TestGateway gateway, string body)
    {
        using var response = await gateway.PostAsync("/", body);
        return await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
    }
}
