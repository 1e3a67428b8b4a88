using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Conditionals;

public sealed class ConditionalTests
{
    [Theory]
    [InlineData("/a", 401)]
    [InlineData("/ab", 401)]
    [InlineData("/b", 402)]
    [InlineData("/c", 403)]
    public async Task Conditional_FirstEntryThatHolds_Acts(string path, int status)
    {
        await using var gateway = await EchoGateway.StartAsync(new Conditional<DirectResponse>(
        [
            new(new Expression("request.path.startsWith('/a')"), new DirectResponse { Status = 401 }),
            new(new Expression("request.path.contains('b')"), new DirectResponse { Status = 402 }),
            new(null, new DirectResponse { Status = 403 }),
        ]));

        using var response = await gateway.GetAsync(path);

        Assert.Equal(status, (int)response.StatusCode);
    }

    [Theory]
    [InlineData("false")]
    [InlineData("request.headers['missing'] == 'x'")]
    [InlineData("'no bool'")]
    public async Task Conditional_NoEntryHolds_DoesNothing(string condition)
    {
        await using var gateway = await EchoGateway.StartAsync(new Conditional<DirectResponse>([new(new Expression(condition), new DirectResponse { Status = 401 })]));

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Conditional_OnTheBody_BuffersIt()
    {
        await using var gateway = await EchoGateway.StartAsync(
            new Conditional<DirectResponse>([new(new Expression("json(request.body).stop"), new DirectResponse { Status = 401 })]));
        using var stop = new StringContent("{\"stop\":true}");
        using var pass = new StringContent("{\"stop\":false}");

        using var stopped = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), stop, TestContext.Current.CancellationToken);
        using var passed = await gateway.Client.PostAsync(new Uri("/", UriKind.Relative), pass, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.Unauthorized, stopped.StatusCode);
        Assert.EndsWith("\r\n\r\n{\"stop\":false}", await passed.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Conditional_Transformations_ChosenByTheRequestActOnTheResponse()
    {
        var of = (string value) => new TransformationPolicy { Response = new Transformation { Set = new([new("x-chosen", new Expression($"'{value}'"))]) } };
        await using var gateway = await EchoGateway.StartAsync(
            new Conditional<TransformationPolicy>([new(new Expression("request.path == '/one'"), of("one")), new(new Expression("request.path == '/two'"), of("two"))]));

        using var one = await gateway.GetAsync("/one");
        using var two = await gateway.GetAsync("/two");
        using var none = await gateway.GetAsync("/none");

        Assert.Equal("one", one.Header("x-chosen"));
        Assert.Equal("two", two.Header("x-chosen"));
        Assert.Null(none.Header("x-chosen"));
    }

    [Fact]
    public async Task Conditional_RateLimits_HaveBucketsOfTheirOwn()
    {
        LocalRateLimits Of(long tokens) => new([new LocalRateLimit { MaxTokens = tokens, TokensPerFill = 1, FillInterval = TimeSpan.FromHours(1) }]);
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Policies = [new Conditional<LocalRateLimits>([new(new Expression("request.path == '/a'"), Of(1)), new(null, Of(1))])] }, new FakeTimeProvider());

        var statuses = new List<HttpStatusCode>();
        foreach (var path in (string[])["/a", "/b", "/a", "/b"])
        {
            using var response = await gateway.GetAsync(path);
            statuses.Add(response.StatusCode);
        }

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.TooManyRequests, HttpStatusCode.TooManyRequests], statuses);
    }
}
