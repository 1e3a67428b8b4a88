using System.Net;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

public sealed class HttpBackendTests
{
    [Fact]
    public async Task Request_PlainGet_PassesTargetHeadersAndBody()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            seen.TrySetResult(await peer.ReadHeadAsync());
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nX-Reply: yes\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nKeep-Alive: timeout=5\r\n\r\nhello");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET /a%2Fb/../c?x=%20y HTTP/1.1\r\nHost: shop.example\r\nX-Own: 1\r\nProxy-Authorization: secret\r\nTE: gzip\r\n\r\n");
        var (head, body) = await client.ReadResponseAsync();

        var request = await seen.Task;
        Assert.StartsWith("GET /a%2Fb/../c?x=%20y HTTP/1.1\r\nHost: shop.example\r\n", request, StringComparison.Ordinal);
        Assert.Contains("X-Own: 1\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", request, StringComparison.Ordinal);
        Assert.DoesNotContain("TE:", request, StringComparison.Ordinal);
        Assert.StartsWith("HTTP/1.1 200 OK\r\n", head, StringComparison.Ordinal);
        Assert.Contains("X-Reply: yes\r\n", head, StringComparison.Ordinal);
        Assert.Contains("Set-Cookie: a=1\r\nSet-Cookie: b=2\r\n", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Keep-Alive", head, StringComparison.Ordinal);
        Assert.Equal("hello", body);
    }

    [Fact]
    public async Task Request_FieldsNamedByConnection_StayBehind()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            seen.TrySetResult(await peer.ReadHeadAsync());
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: X-Hop\r\nX-Hop: 1\r\nX-End: 2\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("GET / HTTP/1.1\r\nHost: a\r\nConnection: X-Mine, host\r\nX-Mine: 1\r\nX-Other: 2\r\n\r\n");
        var (head, _) = await client.ReadResponseAsync();

        var request = await seen.Task;
        Assert.DoesNotContain("X-Mine", request, StringComparison.Ordinal);
        Assert.Contains("X-Other: 2\r\n", request, StringComparison.Ordinal);
        Assert.Contains("Host: a\r\n", request, StringComparison.Ordinal);
        Assert.DoesNotContain("X-Hop", head, StringComparison.Ordinal);
        Assert.Contains("X-End: 2\r\n", head, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello")]
    [InlineData("Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n")]
    [InlineData("X: a\r\n folded\r\n\r\n")]
    [InlineData("X : a\r\n\r\n")]
    public async Task Request_ThatCanBeReadInTwoWays_IsRefused(string rest)
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            seen.TrySetResult(await peer.ReadHeadAsync());
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(upstream.Backend);
        using var client = await RawPeer.ConnectAsync(gateway.Address.Port);

        await client.SendAsync("POST / HTTP/1.1\r\nHost: a\r\n" + rest);
        var head = await client.ReadHeadAsync();

        Assert.True(
            head.StartsWith("HTTP/1.1 4", StringComparison.Ordinal) || head.StartsWith("HTTP/1.1 501", StringComparison.Ordinal),
            head + (seen.Task.IsCompleted ? await seen.Task : ""));
    }

    [Fact]
    public async Task Request_NobodyListens_Answers503()
    {
        using var refusing = TestPorts.Refusing(out var port);
        await using var gateway = await TestGateway.StartAsync(new HostBackendSnapshot { Key = "/down", Target = new TargetAddress("127.0.0.1", port) });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.StartsWith("upstream call failed: connect to 127.0.0.1:", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Request_NameThatDoesNotResolve_Answers503()
    {
        await using var gateway = await TestGateway.StartAsync(new HostBackendSnapshot { Key = "/none", Target = new TargetAddress("nowhere.invalid", 80) });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("backends required DNS resolution which failed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Request_NamedTarget_GetsTheNameAsHost()
    {
        var seen = new TaskCompletionSource<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            seen.TrySetResult(await peer.ReadHeadAsync());
            await peer.SendAsync("HTTP/1.1 204 No Content\r\n\r\n");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(new HostBackendSnapshot { Key = "/named", Target = new TargetAddress("localhost", upstream.Port) });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Contains($"Host: localhost:{upstream.Port}\r\n", await seen.Task, StringComparison.Ordinal);
    }
}
