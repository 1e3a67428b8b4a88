using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;
using RemoteRateLimitSettings = AgentGateway.Configuration.Snapshot.Policies.RemoteRateLimit;

namespace AgentGateway.Tests.Proxy.Policies.RemoteRateLimit;

public sealed class RedisLimiterTests
{
    [Fact]
    public async Task Requests_ToTwoReplicas_ShareOneLimitExactly()
    {
        using var redis = await RedisServer.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var first = await PolicyGateway.StartAsync(upstream, Settings(redis.Url, 10));
        await using var second = await PolicyGateway.StartAsync(upstream, Settings(redis.Url, 10));

        await ConnectAsync(first);
        await ConnectAsync(second);
        var responses = await Task.WhenAll(Enumerable.Range(0, 40).Select(i => Get(i % 2 == 0 ? first : second, "alice")));

        Assert.Equal(10, responses.Count(response => response.StatusCode == HttpStatusCode.OK));
        Assert.Equal(30, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.All(responses, response => Assert.Equal("10", response.Headers.GetValues("x-ratelimit-limit").Single()));
        using var other = await Get(first, "bob");
        Assert.Equal((HttpStatusCode.OK, "9"), (other.StatusCode, other.Headers.GetValues("x-ratelimit-remaining").Single()));
    }

    [Fact]
    public async Task Requests_AfterTheWindow_PassAgain()
    {
        using var redis = await RedisServer.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(redis.Url, 1, TimeSpan.FromSeconds(1)));
        await ConnectAsync(gateway);
        using var first = await Get(gateway, "alice");
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);

        // Redis keeps the time: the window is over when it says so, which on a busy machine may be before the next request.
        await UntilAsync(HttpStatusCode.TooManyRequests);
        await UntilAsync(HttpStatusCode.OK);

        async Task UntilAsync(HttpStatusCode awaited)
        {
            HttpStatusCode status;
            do
            {
                using var response = await Get(gateway, "alice");
                status = response.StatusCode;
            }
            while (status != awaited);
        }
    }

    [Theory]
    [InlineData(FailureMode.FailClosed, 500)]
    [InlineData(FailureMode.FailOpen, 200)]
    public async Task Requests_RedisGone_FailureModeDecides(FailureMode mode, int status)
    {
        using var redis = await RedisServer.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(redis.Url, 10) with { FailureMode = mode });
        await ConnectAsync(gateway);
        using var before = await Get(gateway, "alice");
        Assert.Equal(HttpStatusCode.OK, before.StatusCode);
        redis.Stop();

        using var after = await Get(gateway, "alice");

        Assert.Equal(status, (int)after.StatusCode);
    }

    private static RemoteRateLimitSettings Settings(string url, long requests, TimeSpan? interval = null) => new()
    {
        Domain = "test",
        Target = new RateLimitTarget(null, new RedisRateLimit { Url = new Secret(url), Requests = requests, Interval = interval ?? TimeSpan.FromMinutes(1) }),
        Descriptors = [new RateLimitDescriptor { Entries = [new RateLimitEntry { Key = "user", Value = new Expression("request.headers['x-user']") }] }],
    };

    /// <summary>Until the connection stands: on a busy machine making it may take longer than one request waits for it.</summary>
    private static async Task ConnectAsync(TestGateway gateway)
    {
        HttpStatusCode status;
        do
        {
            using var response = await Get(gateway, "first");
            status = response.StatusCode;
        }
        while (status == HttpStatusCode.InternalServerError);
    }

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string user)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        request.Headers.Add("x-user", user);
        return gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }
}
