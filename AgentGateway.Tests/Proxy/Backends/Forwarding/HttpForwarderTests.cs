using System.Net;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Forwarding;

/// <summary>Retries and timeouts of attempts, with the settings that policies will give.</summary>
public sealed class HttpForwarderTests
{
    [Fact]
    public async Task Forward_StatusThatIsRetried_SendsTheBodyAgainAndSaysWhichAttemptItIs()
    {
        var seen = System.Threading.Channels.Channel.CreateUnbounded<string>();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                var head = await peer.ReadHeadAsync();
                var attempt = head.Contains("x-retry-attempt: 2", StringComparison.Ordinal);
                await seen.Writer.WriteAsync(head + await peer.ReadBytesAsync(4));
                await peer.SendAsync(attempt ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" : "HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusy");
            }
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { Retry = new RetrySettings { Attempts = 3, Codes = [503] } });

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new StringContent("body"), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        var first = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var second = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        var third = await seen.Reader.ReadAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain("x-retry-attempt", first, StringComparison.Ordinal);
        Assert.Contains("x-retry-attempt: 1\r\n", second, StringComparison.Ordinal);
        Assert.Contains("x-retry-attempt: 2\r\n", third, StringComparison.Ordinal);
        Assert.All([first, second, third], request => Assert.EndsWith("body", request, StringComparison.Ordinal));
        Assert.Equal(1, upstream.Connections);
    }

    [Fact]
    public async Task Forward_RetriesUsedUp_GivesTheLastAnswer()
    {
        var count = 0;
        await using var upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                await peer.ReadHeadAsync();
                await peer.SendAsync($"HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\n{++count}");
            }
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { Retry = new RetrySettings { Attempts = 2, Codes = [503] } });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("3", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forward_BodyBeyondTheReplayBound_IsNotRetried()
    {
        var count = 0;
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.ReadBytesAsync(100_000);
            await peer.SendAsync($"HTTP/1.1 503 Busy\r\nContent-Length: 1\r\n\r\n{++count}");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { Retry = new RetrySettings { Codes = [503] } });

        using var response = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), new ByteArrayContent(new byte[100_000]), TestContext.Current.CancellationToken);

        Assert.Equal("1", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forward_ConnectionThatBreaks_IsRetried()
    {
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            if (number > 1)
            {
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
                await peer.ReadToEndAsync();
            }
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { Retry = new RetrySettings { Codes = [500] } });

        Assert.Equal("ok", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forward_AttemptThatStalls_TimesOutAndClosesTheUpstream()
    {
        var time = new FakeTimeProvider();
        var asked = new TaskCompletionSource();
        var closed = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.TrySetResult();
            await peer.ReadToEndAsync();
            closed.TrySetResult();
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { AttemptTimeout = TimeSpan.FromMilliseconds(200) }, time: time);

        var pending = gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        await asked.Task.WaitAsync(TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMilliseconds(200));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("upstream call timeout", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task Forward_BodySlowerThanTheAttemptTimeout_IsNotCut()
    {
        var time = new FakeTimeProvider();
        var release = new SemaphoreSlim(0);
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
            await release.WaitAsync(TestContext.Current.CancellationToken);
            await peer.SendAsync("cd");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { AttemptTimeout = TimeSpan.FromMilliseconds(300) }, time: time);

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromMilliseconds(400));
        release.Release();

        Assert.Equal("abcd", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forward_PolicyThatInjectsALine_IsRefused()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await CallingGateway.StartAsync(upstream, new BackendCall { Policies = [new SetHeader("X-Own", "a\r\nX-Evil: 1")] });

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("processing failed: the value of header X-Own holds a control character", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Forward_FirstAddressRefuses_TheNextIsTried()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
        await using var gateway = await CallingGateway.StartAsync(upstream, BackendCall.Plain, new TwoAddresses());

        for (var i = 0; i < 8; i++)
        {
            Assert.Equal("ok", await gateway.Client.GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken));
        }
    }

    private sealed class SetHeader(string name, string value) : IBackendPolicy
    {
        public ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
        {
            attempt.Headers = new HeaderDictionary { [name] = value };
            return default;
        }
    }

    // 127.0.0.2 is loopback too, and nothing listens there.
    private sealed class TwoAddresses : IHostResolver
    {
        public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken) => new([IPAddress.Parse("127.0.0.2"), IPAddress.Loopback]);
    }
}
