using System.Globalization;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Forwarding;

/// <summary>Bodies that nobody reads to their end, because an attempt or the request was given up: the next attempt reads on, and the server can drain them.</summary>
public sealed class AbandonedBodyTests : IDisposable
{
    private const string CannotDrain = "automatic draining";

    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Attempt_GivenUpWhileItWaitsForTheClient_LeavesTheBodyToTheNext(bool tls)
    {
        var second = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            if (number == 2)
            {
                second.SetResult();
            }

            Stream stream = new NetworkStream(peer.Socket);
            if (tls)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificates.Client("upstream.example"));
                stream = secure;
            }

            await using (stream)
            {
                var seen = new StringBuilder();
                var buffer = new byte[4096];
                while (!seen.ToString().EndsWith("first,second", StringComparison.Ordinal))
                {
                    var read = await stream.ReadAsync(buffer);
                    if (read == 0)
                    {
                        return;
                    }

                    seen.Append(Encoding.Latin1.GetString(buffer, 0, read));
                }

                await stream.WriteAsync(Encoding.Latin1.GetBytes($"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\n{number}"));
                _ = await stream.ReadAsync(buffer);
            }
        });
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, "{timeout: {backendRequestTimeout: 500ms}, retry: {attempts: 5, codes: [503]}}", tls ? "{backendTLS: {insecure: true}}" : "{}");
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 12\r\n\r\nfirst,");
        await second.Task.WaitAsync(TestContext.Current.CancellationToken);

        await client.SendAsync("second");
        var (head, body) = await client.ReadResponseAsync();

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.True(int.Parse(body, CultureInfo.InvariantCulture) >= 2);
    }

    [Theory]
    [InlineData("{timeout: {requestTimeout: 200ms}}")]
    [InlineData("{timeout: {requestTimeout: 200ms}, transformations: {request: {body: request.body}}}")]
    public async Task Request_ThatTimesOutWhileItsBodyIsRead_CanBeDrained(string route)
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.ReadToEndAsync());
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route);

        var (head, body) = await gateway.SendRawAsync("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nab");
        await gateway.StopAsync();

        Assert.StartsWith("HTTP/1.1 504 ", head, StringComparison.Ordinal);
        Assert.Equal("request timeout", body);
        Assert.False(gateway.Logs.Contains(CannotDrain));
    }

    [Fact]
    public async Task Upstream_ThatClosesInsideALongBody_LeavesTheRestToBeDrained()
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.ReadHeadAsync());
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}");

        var (head, _) = await gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n{new string('x', 3_000_000)}");
        await gateway.StopAsync();

        Assert.StartsWith("HTTP/1.1 503 ", head, StringComparison.Ordinal);
        Assert.False(gateway.Logs.Contains(CannotDrain));
    }

    public void Dispose() => _certificates.Dispose();
}
