using System.Net;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Forwarding;

/// <summary>Policies of a backend that read the body of the request: they see it, and the upstream still gets it, on each attempt.</summary>
public sealed class AttemptBodyTests
{
    [Theory]
    [InlineData("{}")]
    [InlineData("{retry: {attempts: 1, codes: [503]}}")]
    [InlineData("{timeout: {backendRequestTimeout: 10s}}")]
    public async Task Authorization_OverTheBody_DecidesAndTheBodyArrives(string route)
    {
        await using var upstream = await TestUpstream.StartAsync(AnswerSecondTime);
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route, "{authorization: {rules: ['string(request.body).startsWith(\"good\")']}}");

        using var good = await gateway.PostAsync("/", "good news");
        using var bad = await gateway.PostAsync("/", "bad news");

        Assert.Equal(HttpStatusCode.Forbidden, bad.StatusCode);
        Assert.Equal(route.Contains("retry", StringComparison.Ordinal) ? ["good news", "good news"] : ["good news"], upstream.Seen.Select(request => request.Body));
        Assert.Equal(route.Contains("retry", StringComparison.Ordinal) ? HttpStatusCode.OK : HttpStatusCode.ServiceUnavailable, good.StatusCode);
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{retry: {attempts: 1, codes: [503]}}", 2)]
    public async Task Transformation_OfTheBody_StartsFromTheClientsOnEachAttempt(string route, int attempts)
    {
        await using var upstream = await TestUpstream.StartAsync(AnswerSecondTime);
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, route, "{transformations: {request: {set: {x-size: 'string(size(request.body))'}, body: '\"<\" + string(request.body) + \">\"'}}}");

        using var response = await gateway.PostAsync("/", "text");

        Assert.Equal(Enumerable.Repeat("<text>", attempts), upstream.Seen.Select(request => request.Body));
        Assert.All(upstream.Seen, request => Assert.Equal("4", request.Header("x-size")));
    }

    [Theory]
    [InlineData("{}", 1)]
    [InlineData("{retry: {attempts: 1, codes: [503]}}", 2)]
    public async Task ExtAuthz_ThatIsShownTheBody_SeesItOnEachAttempt(string route, int attempts)
    {
        await using var service = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync(AnswerSecondTime);
        await using var gateway = await ConfiguredRoute.StartAsync(
            upstream.Port, route, $"{{extAuthz: {{host: '127.0.0.1:{service.Port}', protocol: {{http: {{}}}}, includeRequestBody: {{maxRequestBytes: 3, allowPartialMessage: true}}}}}}");

        using var response = await gateway.PostAsync("/", "text");

        Assert.Equal(Enumerable.Repeat("tex", attempts), service.Seen.Select(request => request.Body));
        Assert.Equal(Enumerable.Repeat("text", attempts), upstream.Seen.Select(request => request.Body));
    }

    private static Task AnswerSecondTime(HttpContext context)
    {
        context.Response.StatusCode = context.Request.Headers.ContainsKey("x-retry-attempt") ? 200 : 503;
        return Task.CompletedTask;
    }
}
