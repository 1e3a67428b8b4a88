using System.Net;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Backends;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Timeouts;

public sealed class TimeoutTests
{
    [Theory]
    [InlineData(true, "request timeout")]
    [InlineData(false, "upstream call timeout")]
    public async Task Timeout_UpstreamIsSilent_Answers504(bool ofTheRequest, string message)
    {
        var time = new FakeTimeProvider();
        var arrived = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            arrived.SetResult();
            await peer.ReadToEndAsync();
        });
        var policy = ofTheRequest
            ? new TimeoutPolicy { RequestTimeout = TimeSpan.FromSeconds(5) }
            : new TimeoutPolicy { BackendRequestTimeout = TimeSpan.FromSeconds(5) };
        await using var gateway = await TestGateway.StartAsync(EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [policy] }), time: time);

        var pending = gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        await arrived.Task;
        time.Advance(TimeSpan.FromSeconds(5));
        using var response = await pending;

        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal(message, await response.TextAsync());
    }

    [Theory]
    [InlineData("{timeout: {requestTimeout: 87600h}}", "{}")]
    [InlineData("{timeout: {backendRequestTimeout: 87600h}}", "{}")]
    [InlineData("{}", "{http: {requestTimeout: 87600h}, tcp: {connectTimeout: 87600h, keepalives: {}}}")]
    public async Task Timeout_LongerThanTimersExpress_IsNone(string route, string backend)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, route, backend);

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Timeout_HeadIsThere_BodyMayTakeLonger()
    {
        var time = new FakeTimeProvider();
        var passed = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nslow"[..^2]);
            await passed.Task;
            await peer.SendAsync("ow");
            await peer.ReadToEndAsync();
        });
        await using var gateway = await TestGateway.StartAsync(
            EchoGateway.Snapshot(upstream.Backend, route => route with { Policies = [new TimeoutPolicy { RequestTimeout = TimeSpan.FromSeconds(5) }] }), time: time);

        using var response = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(60));
        passed.SetResult();

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("slow", await response.TextAsync());
    }

    [Fact]
    public async Task Timeout_PassesWhileAPolicyWaits_Answers504()
    {
        var time = new WatchedTime(TimeSpan.FromHours(1));
        await using var gateway = await EchoGateway.StartAsync(
            route => route with { Policies = [new TimeoutPolicy { RequestTimeout = TimeSpan.FromSeconds(5) }, new DelayPolicy(TimeSpan.FromHours(1), null)] }, time);

        var pending = gateway.GetAsync("/");
        await time.TimerStarted;
        time.Advance(TimeSpan.FromSeconds(5));

        using var response = await pending;
        Assert.Equal(HttpStatusCode.GatewayTimeout, response.StatusCode);
        Assert.Equal("request timeout", await response.TextAsync());
        Assert.Equal(0, gateway.UpstreamConnections);
    }
}
