using System.Net;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.RemoteRateLimit.Protocol;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Xunit;
using RemoteRateLimitSettings = AgentGateway.Configuration.Snapshot.Policies.RemoteRateLimit;

namespace AgentGateway.Tests.Proxy.Policies.RemoteRateLimit;

public sealed class RemoteRateLimitHandlerTests
{
    [Fact]
    public async Task Grpc_WithinLimit_PassesWithHeaders()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => Answer(RateLimitResponse.Types.Code.Ok, 4));
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(rls));

        using var response = await Get(gateway, "alice");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(("5", "4", "30"), (Header(response, "x-ratelimit-limit"), Header(response, "x-ratelimit-remaining"), Header(response, "x-ratelimit-reset")));
        Assert.Equal("v", Header(response, "x-extra"));
        Assert.Equal("u", upstream.Last.Header("x-to-upstream"));
        Assert.Equal("/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit", service.Path);
        var request = service.Seen.Single();
        Assert.Equal("test", request.Domain);
        var descriptor = Assert.Single(request.Descriptors);
        Assert.Equal([("user", "alice"), ("fixed", "x")], descriptor.Entries.Select(entry => (entry.Key, entry.Value)));
        Assert.Equal((3UL, 100U, Unit.Minute), (descriptor.HitsAddend!.Value, descriptor.Limit.RequestsPerUnit, descriptor.Limit.Unit));
    }

    [Fact]
    public async Task Grpc_LimitUnderTheNameOfTheProtocol_IsSent()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => Answer(RateLimitResponse.Types.Code.Ok, 4));
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        var settings = Settings(rls);
        await using var gateway = await PolicyGateway.StartAsync(
            upstream, settings with { Descriptors = [settings.Descriptors[0] with { LimitOverride = new Expression("{'unit': 'HOUR', 'requests_per_unit': 7}") }] });

        using var response = await Get(gateway, "alice");

        var limit = Assert.Single(service.Seen.Single().Descriptors).Limit;
        Assert.Equal((7U, Unit.Hour), (limit.RequestsPerUnit, limit.Unit));
    }

    [Fact]
    public async Task Grpc_OverLimit_Is429()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => Answer(RateLimitResponse.Types.Code.OverLimit, 0));
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(rls));

        using var response = await Get(gateway, "alice");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal("rate limit exceeded", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal("0", Header(response, "x-ratelimit-remaining"));
        Assert.Empty(upstream.Seen);
    }

    [Fact]
    public async Task Grpc_HeaderThatBreaksItsLine_IsLeftOut()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => new RateLimitResponse
        {
            OverallCode = RateLimitResponse.Types.Code.OverLimit,
            ResponseHeadersToAdd =
            {
                new RateLimitResponse.Types.Header { Key = "x-bad", Value = "a\r\nSet-Cookie: b" },
                new RateLimitResponse.Types.Header { Key = "x bad", Value = "a" },
                new RateLimitResponse.Types.Header { Key = "x-good", Value = "a" },
                new RateLimitResponse.Types.Header { Key = "X-Good", Value = "b" },
            },
        });
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(rls));

        using var response = await Get(gateway, "alice");

        Assert.Equal(HttpStatusCode.TooManyRequests, response.StatusCode);
        Assert.Equal(["a", "b"], response.Headers.GetValues("x-good"));
        Assert.False(response.Headers.Contains("x-bad") || response.Headers.Contains("Set-Cookie"));
    }

    [Fact]
    public async Task Grpc_ConnectionWithATimeoutOfItsOwn_WaitsThatLong()
    {
        var time = new WatchedTime(TimeSpan.FromSeconds(7));
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(static context => Task.Delay(Timeout.Infinite, context.RequestAborted)));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(
            upstream, [Settings(rls) with { Policies = [new BackendHttp { RequestTimeout = TimeSpan.FromSeconds(7) }] }], [], [], time);

        var pending = Get(gateway, "alice");
        await time.TimerStarted;
        time.Advance(TimeSpan.FromSeconds(7));
        using var response = await pending;

        Assert.Equal((HttpStatusCode.InternalServerError, "rate limit failed"), (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Request_ExpressionFails_DescriptorIsLeftOut()
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => Answer(RateLimitResponse.Types.Code.OverLimit, 0));
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(rls));

        using var response = await Get(gateway, user: null);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(service.Seen);
    }

    [Theory]
    [InlineData(FailureMode.FailClosed, 500)]
    [InlineData(FailureMode.FailOpen, 200)]
    public async Task Grpc_ServiceFails_FailureModeDecides(FailureMode mode, int status)
    {
        var service = new GrpcStub<RateLimitRequest, RateLimitResponse>(_ => new RateLimitResponse()) { Status = 14 };
        await using var rls = await TestUpstream.StartAsync(http2: true, map: application => application.Run(service.HandleAsync));
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await PolicyGateway.StartAsync(upstream, Settings(rls) with { FailureMode = mode });

        using var response = await Get(gateway, "alice");

        Assert.Equal(status, (int)response.StatusCode);
        if (status == 500)
        {
            Assert.Equal("rate limit failed", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static RateLimitResponse Answer(RateLimitResponse.Types.Code code, uint remaining) => new()
    {
        OverallCode = code,
        Statuses =
        {
            new RateLimitResponse.Types.DescriptorStatus
            {
                Code = code,
                CurrentLimit = new RateLimitResponse.Types.Limit { RequestsPerUnit = 5, Unit = Unit.Minute },
                LimitRemaining = remaining,
                DurationUntilReset = Duration.FromTimeSpan(TimeSpan.FromSeconds(29.5)),
            },
        },
        ResponseHeadersToAdd = { new RateLimitResponse.Types.Header { Key = "x-extra", Value = "v" } },
        RequestHeadersToAdd = { new RateLimitResponse.Types.Header { Key = "x-to-upstream", Value = "u" } },
    };

    private static RemoteRateLimitSettings Settings(TestUpstream service) => new()
    {
        Domain = "test",
        Target = new RateLimitTarget(new BackendReference { Host = new TargetAddress("127.0.0.1", service.Port) }, null),
        Descriptors =
        [
            new RateLimitDescriptor
            {
                Entries = [new RateLimitEntry { Key = "user", Value = new Expression("request.headers['x-user']") }, new RateLimitEntry { Key = "fixed", Value = new Expression("'x'") }],
                Cost = new Expression("1 + 2"),
                LimitOverride = new Expression("{'unit': 'minute', 'requestsPerUnit': 100}"),
            },
        ],
    };

    private static Task<HttpResponseMessage> Get(TestGateway gateway, string? user)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, "/");
        if (user is not null)
        {
            request.Headers.Add("x-user", user);
        }

        return gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static string Header(HttpResponseMessage response, string name) => response.Headers.GetValues(name).Single();
}
