using System.Collections.Concurrent;
using System.Globalization;
using AgentGateway.Tests.Proxy.Listeners;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>Many clients share the connections to an upstream that breaks the rules in turn: nothing of one exchange shows in another.</summary>
public sealed class ExchangeIsolationTests
{
    private const int Clients = 8;
    private const int Requests = 120;

    // What the upstream does with a request, and whether its answer is whole.
    private static readonly (string Kind, bool IsWhole)[] Kinds =
    [
        ("length", true), ("chunks", true), ("trailers", true), ("close", true), ("until-close", true), ("interim", true), ("empty", true),
        ("extra", true), ("short", false), ("bad-chunk", false), ("cut-chunk", false), ("two-lengths", false), ("both", false), ("nothing", false), ("half-head", false),
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    public async Task Exchanges_WithAnUpstreamThatBreaksTheRules_StayApart(int seed, bool tls)
    {
        using var certificates = new TestCertificates();
        using var certificate = certificates.Client("upstream.example");
        await using var upstream = RawUpstream.Start(async peer =>
        {
            if (tls)
            {
                await peer.SecureAsync(certificate);
            }

            await ServeAsync(peer);
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{}", tls ? "{backendTLS: {insecure: true}}" : "{}");
        var failures = new ConcurrentQueue<string>();
        long whole = 0;

        await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Task.Run(() => AskAsync(client))));

        Assert.Empty(failures);
        Assert.True(whole > Clients * Requests / 4, $"{whole} whole answers");

        async Task AskAsync(int client)
        {
            var random = new Random((seed * 1000) + client);
            RawPeer? peer = null;
            for (var number = 0; number < Requests; number++)
            {
                var (kind, isWhole) = Kinds[random.Next(Kinds.Length)];
                var token = string.Create(CultureInfo.InvariantCulture, $"token-{client}-{number}-end");
                peer ??= await RawPeer.ConnectAsync(gateway.Address.Port);
                try
                {
                    // A POST is never sent twice, whatever becomes of its connection.
                    await peer.SendAsync($"POST /{kind}/{token} HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n");
                    var (head, body) = await peer.ReadResponseAsync();
                    if (head.StartsWith("HTTP/1.1 503 ", StringComparison.Ordinal))
                    {
                        // Also where the answer would be whole: the connection may have been one that the exchange before it has spoilt.
                        if (!body.StartsWith("upstream call failed: ", StringComparison.Ordinal) || body.Contains("token", StringComparison.Ordinal))
                        {
                            failures.Enqueue($"{kind} {token}: {head}{body}");
                        }

                        continue;
                    }

                    var expected = head.Contains("chunked", StringComparison.Ordinal) ? $"{token.Length:x}\r\n{token}\r\n0\r\n\r\n" : kind == "empty" ? "" : token;
                    if (!isWhole || body != expected || !head.Contains($"X-Token: {token}\r\n", StringComparison.Ordinal))
                    {
                        failures.Enqueue($"{kind} {token}: {head}{body}");
                    }

                    Interlocked.Increment(ref whole);
                }
                catch (Exception error) when (error is EndOfStreamException or System.Net.Sockets.SocketException)
                {
                    if (isWhole || CountTokens(error.Message) > 2)
                    {
                        failures.Enqueue($"{kind} {token}: {error.Message}");
                    }

                    peer.Dispose();
                    peer = null;
                }
            }

            peer?.Dispose();
        }
    }

    private static int CountTokens(string text) => text.Split("token-").Length - 1;

    private static async Task ServeAsync(RawPeer peer)
    {
        while (true)
        {
            var parts = (await peer.ReadHeadAsync()).Split(' ')[1].Split('/');
            var (kind, token) = (parts[1], parts[2]);
            var start = $"HTTP/1.1 200 OK\r\nX-Token: {token}\r\n";
            var length = $"{start}Content-Length: {token.Length}\r\n\r\n{token}";
            var chunks = $"{start}Transfer-Encoding: chunked\r\n\r\n{token.Length:x}\r\n{token}\r\n";
            const string evil = "HTTP/1.1 200 OK\r\nX-Token: token-evil-end\r\nContent-Length: 4\r\n\r\nevil";
            switch (kind)
            {
                case "length":
                    await peer.SendAsync(length);
                    break;
                case "chunks":
                    await peer.SendAsync(chunks + "0\r\n\r\n");
                    break;
                case "trailers":
                    await peer.SendAsync(chunks + "0\r\nX-Trailer: token-trailer\r\n\r\n");
                    break;
                case "close":
                    await peer.SendAsync(length.Replace("\r\nX-Token", "\r\nConnection: close\r\nX-Token", StringComparison.Ordinal));
                    return;
                case "until-close":
                    await peer.SendAsync($"{start}\r\n{token}");
                    return;
                case "interim":
                    await peer.SendAsync("HTTP/1.1 103 Early Hints\r\nX-Token: token-early\r\n\r\n" + length);
                    break;
                case "empty":
                    await peer.SendAsync($"HTTP/1.1 204 No Content\r\nX-Token: {token}\r\n\r\n");
                    break;
                case "extra":
                    await peer.SendAsync(length + evil);
                    break;
                case "short":
                    await peer.SendAsync($"{start}Content-Length: {token.Length + 1}\r\n\r\n{token}");
                    return;
                case "bad-chunk":
                    await peer.SendAsync(chunks + "zz\r\n" + evil);
                    break;
                case "cut-chunk":
                    await peer.SendAsync(chunks);
                    return;
                case "two-lengths":
                    await peer.SendAsync($"{start}Content-Length: 4\r\nContent-Length: {token.Length}\r\n\r\n{token}");
                    break;
                case "both":
                    await peer.SendAsync($"{start}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n{token}");
                    break;
                case "half-head":
                    await peer.SendAsync(start);
                    return;
                default:
                    return;
            }
        }
    }
}
