using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.RateLimit;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.RateLimit;

public sealed class LocalRateLimitTests
{
    private static LocalRateLimits Limits(params (long Max, long Fill, int Seconds)[] limits) =>
        new([.. limits.Select(limit => new LocalRateLimit { MaxTokens = limit.Max, TokensPerFill = limit.Fill, FillInterval = TimeSpan.FromSeconds(limit.Seconds) })]);

    [Fact]
    public async Task Request_BucketRunsOut_Answers429UntilTheNextFill()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [Limits((2, 1, 10))] }, time);

        using var first = await gateway.GetAsync("/");
        using var second = await gateway.GetAsync("/");
        time.Advance(TimeSpan.FromMilliseconds(3500));
        using var third = await gateway.GetAsync("/");
        time.Advance(TimeSpan.FromMilliseconds(6500));
        using var fourth = await gateway.GetAsync("/");
        using var fifth = await gateway.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "2", "1", "10"), State(first));
        Assert.Equal((HttpStatusCode.OK, "2", "0", "10"), State(second));
        Assert.Equal((HttpStatusCode.TooManyRequests, "2", "0", "7"), State(third));
        Assert.Equal("rate limit exceeded", await third.TextAsync());
        Assert.Equal((HttpStatusCode.OK, "2", "0", "10"), State(fourth));
        Assert.Equal(HttpStatusCode.TooManyRequests, fifth.StatusCode);
    }

    [Theory]
    [InlineData("{gateway: {gatewayName: default, gatewayNamespace: default}}", "[{maxTokens: 3, tokensPerFill: 1, fillInterval: 1h}]")]
    [InlineData("{gateway: {gatewayName: default, gatewayNamespace: default}}", "{conditional: [{condition: 'request.method == \"PUT\"', maxTokens: 1, tokensPerFill: 1, fillInterval: 1h}, {maxTokens: 3, tokensPerFill: 1, fillInterval: 1h}]}")]
    [InlineData("{route: {name: r, namespace: default}}", "[{maxTokens: 3, tokensPerFill: 1, fillInterval: 1h}]")]
    public async Task Request_LimitOfATarget_IsOneForAllItsRoutes(string target, string limit)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            policies:
            - {name: {name: p, namespace: default}, target: {{target}}, policy: {localRateLimit: {{limit}} } }
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - {name: r, matches: [{path: {pathPrefix: /a} }], backends: [{host: "127.0.0.1:{{upstream.Port}}"}]}
                - {name: r, ruleName: second, matches: [{path: {pathPrefix: /b} }], backends: [{host: "127.0.0.1:{{upstream.Port}}"}]}
            """);

        var statuses = new List<HttpStatusCode>();
        foreach (var path in (string[])["/a", "/b", "/a", "/b", "/a"])
        {
            using var response = await gateway.GetAsync(path);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public async Task Request_RouteOfTwoListeners_HasOneLimit()
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            gateways: {g: {port: {{port}}, listeners: [{name: one, hostname: one.test}, {name: two, hostname: two.test}]} }
            routes:
            - {gateways: [g/one, g/two], policies: {localRateLimit: [{maxTokens: 1, tokensPerFill: 1, fillInterval: 1h}], directResponse: {status: 200} } }
            """);

        using var first = await gateway.GetAsync("/", ("Host", "one.test"));
        using var second = await gateway.GetAsync("/", ("Host", "two.test"));

        Assert.Equal((HttpStatusCode.OK, HttpStatusCode.TooManyRequests), (first.StatusCode, second.StatusCode));
    }

    [Fact]
    public async Task Request_SeveralLimits_AllMustPassAndTheMostConstrainedIsShown()
    {
        var time = new FakeTimeProvider();
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [Limits((5, 5, 60), (1, 1, 1))] }, time);

        using var first = await gateway.GetAsync("/");
        using var refused = await gateway.GetAsync("/");
        time.Advance(TimeSpan.FromSeconds(1));
        using var again = await gateway.GetAsync("/");

        Assert.Equal((HttpStatusCode.OK, "1", "0", "1"), State(first));
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.Equal(HttpStatusCode.OK, again.StatusCode);

        // The refused request took nothing from the first bucket: three are left of five.
        var used = 0;
        for (; ; used++)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            using var next = await gateway.GetAsync("/");
            if (next.StatusCode != HttpStatusCode.OK)
            {
                break;
            }
        }

        Assert.Equal(3, used);
    }

    [Fact]
    public async Task Reload_EqualSettings_BucketsGoOn()
    {
        var time = new FakeTimeProvider();
        await using var upstream = EchoGateway.Echo();
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [Limits((1, 1, 10))] }), time: time);
        using var first = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        await gateway.Host.ApplyAsync(
            EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [Limits((1, 1, 10)), new TimeoutPolicy { RequestTimeout = TimeSpan.FromSeconds(9) }] }),
            TestContext.Current.CancellationToken);
        using var kept = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        await gateway.Host.ApplyAsync(
            EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [Limits((1, 1, 20))] }), TestContext.Current.CancellationToken);
        using var anew = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, kept.StatusCode);
        Assert.Equal(HttpStatusCode.OK, anew.StatusCode);
    }

    [Fact]
    public async Task Reload_RouteWithoutANameStandsElsewhere_ItsBucketGoesAlongAndNoOtherRouteGetsIt()
    {
        const string Limited = "policies: {localRateLimit: [{maxTokens: 1, tokensPerFill: 1, fillInterval: 1h}], directResponse: {status: 200} }";
        var port = ConfiguredGateway.FreePorts(1)[0];
        GatewaySnapshot Snapshot(string listenersBefore, params string[] paths) => TestLoad.LoadValid(
            $"binds:\n- port: {port}\n  listeners:\n{listenersBefore}  - routes:\n" + string.Concat(paths.Select(static path => $"    - {{matches: [{{path: {{exact: {path}}}}}], {Limited}}}\n"))).Snapshot!;
        await using var gateway = await TestGateway.StartAsync(Snapshot("", "/a"), time: new FakeTimeProvider());
        using var first = await gateway.GetAsync("/a");

        Assert.Empty(await gateway.Host.ApplyAsync(Snapshot("  - {hostname: other.example, routes: []}\n", "/new", "/a"), TestContext.Current.CancellationToken));
        using var fresh = await gateway.GetAsync("/new");
        using var kept = await gateway.GetAsync("/a");

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(HttpStatusCode.OK, fresh.StatusCode);
        Assert.Equal(HttpStatusCode.TooManyRequests, kept.StatusCode);
    }

    [Fact]
    public async Task Request_ManyAtOnce_ExactlyTheBucketPasses()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [Limits((40, 1, 3600))] }, new FakeTimeProvider());

        var statuses = await Task.WhenAll(Enumerable.Range(0, 120).Select(async _ =>
        {
            using var response = await gateway.GetAsync("/");
            return response.StatusCode;
        }));

        Assert.Equal(40, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(80, statuses.Count(status => status == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Request_KeyIsGiven_EachKeyHasItsBucketAndRequestsWithoutKeyShareOne()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with
            {
                Policies =
                [
                    new LocalRateLimits([new LocalRateLimit { MaxTokens = 1, TokensPerFill = 1, FillInterval = TimeSpan.FromHours(1), Key = new("request.headers['x-user']") }]),
                ],
            },
            new FakeTimeProvider());

        var statuses = new List<HttpStatusCode>();
        foreach (var user in (string?[])["ann", "bob", "ann", null, null])
        {
            using var response = await gateway.GetAsync("/", user is null ? [] : [("x-user", user)]);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.OK, HttpStatusCode.TooManyRequests], statuses);
    }

    [Fact]
    public void TryTake_ManyThreadsAndKeys_IsExactForEachKey()
    {
        var time = new FakeTimeProvider();
        var limiter = new Limiter(Limits((100, 1, 3600), (1000, 1, 3600)), time);
        var passed = new int[4];

        Parallel.For(0, 4000, i =>
        {
            if (limiter.TryTake([0, 1], [$"user{i % 4}", null], 1, out _))
            {
                Interlocked.Increment(ref passed[i % 4]);
            }
        });

        Assert.All(passed, count => Assert.Equal(100, count));
    }

    [Fact]
    public void Charge_MoreThanThereIs_RefusesUntilTheBucketHasRecovered()
    {
        var time = new FakeTimeProvider();
        var limiter = new Limiter(Limits((10, 10, 1)), time);

        Assert.True(limiter.TryTake([0], [null], 0, out _));
        limiter.Charge([0], [null], 35);
        var refused = limiter.TryTake([0], [null], 0, out var state);
        time.Advance(TimeSpan.FromSeconds(2));
        var still = limiter.TryTake([0], [null], 0, out _);
        time.Advance(TimeSpan.FromSeconds(1));
        var recovered = limiter.TryTake([0], [null], 0, out var after);

        Assert.False(refused);
        Assert.Equal(new RateLimitState(10, 0, 1), state);
        Assert.False(still);
        Assert.True(recovered);
        Assert.Equal(5, after.Remaining);
    }

    [Fact]
    public void Get_MoreKeysThanTheTableHolds_ForgetsTheOneUsedLongestAgo()
    {
        var settings = new LocalRateLimit { MaxTokens = 1, TokensPerFill = 1, FillInterval = TimeSpan.FromHours(1) };
        var table = new BucketTable(settings, now: 0, maxKeys: 3);
        foreach (var key in (string[])["a", "b", "c"])
        {
            table.Get(key, 0).Take(1);
        }

        table.Get("a", 0);
        table.Get("d", 0).Take(1);

        Assert.Equal(3, table.Count);
        Assert.Equal(0, table.Get("a", 0).Tokens);
        Assert.Equal(0, table.Get("c", 0).Tokens);
        Assert.Equal(1, table.Get("b", 0).Tokens);
    }

    [Fact]
    public void Get_BucketsThatFilledUpAgain_AreForgotten()
    {
        var settings = new LocalRateLimit { MaxTokens = 1, TokensPerFill = 1, FillInterval = TimeSpan.FromSeconds(1) };
        var table = new BucketTable(settings, now: 0);
        for (var i = 0; i < 100; i++)
        {
            table.Get($"old{i}", 0).Take(1);
        }

        for (var i = 0; i < 100; i++)
        {
            table.Get($"new{i}", TimeSpan.TicksPerSecond).Take(1);
        }

        Assert.Equal(100, table.Count);
    }

    [Fact]
    public void Get_LongKeys_AreToldApart()
    {
        var settings = new LocalRateLimit { MaxTokens = 1, TokensPerFill = 1, FillInterval = TimeSpan.FromSeconds(1) };
        var table = new BucketTable(settings, now: 0);
        var longKey = new string('x', 10_000);

        table.Get(longKey + "1", 0).Take(1);

        Assert.Equal(0, table.Get(longKey + "1", 0).Tokens);
        Assert.Equal(1, table.Get(longKey + "2", 0).Tokens);
    }

    private static (HttpStatusCode Status, string? Limit, string? Remaining, string? Reset) State(HttpResponseMessage response) =>
        (response.StatusCode, response.Header("x-ratelimit-limit"), response.Header("x-ratelimit-remaining"), response.Header("x-ratelimit-reset"));
}
