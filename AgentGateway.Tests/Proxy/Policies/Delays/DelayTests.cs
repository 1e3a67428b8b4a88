using System.Net;
using AgentGateway.Configuration.Snapshot.Policies;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Delays;

public sealed class DelayTests
{
    public static TheoryData<DelayPolicy> TwoSeconds =>
        [new DelayPolicy(TimeSpan.FromSeconds(2), null), new DelayPolicy(null, new("duration('2s')")), new DelayPolicy(null, new("1000 + 1000")), new DelayPolicy(null, new("2000.0"))];

    [Theory]
    [MemberData(nameof(TwoSeconds))]
    public async Task Delay_OfTwoSeconds_HoldsTheRequestBack(DelayPolicy policy)
    {
        var time = new WatchedTime(TimeSpan.FromSeconds(2));
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [policy] }, time);

        var pending = gateway.GetAsync("/");
        await time.TimerStarted;
        var connections = gateway.UpstreamConnections;
        time.Advance(TimeSpan.FromSeconds(2));
        using var response = await pending;

        Assert.Equal(0, connections);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Delay_ClientGoesAway_EndsWithoutAnError()
    {
        var time = new WatchedTime(TimeSpan.FromHours(1));
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [new DelayPolicy(TimeSpan.FromHours(1), null)] }, time);

        using (var peer = await Backends.RawPeer.ConnectAsync(gateway.Port))
        {
            await peer.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await time.TimerStarted;
        }

        await gateway.Gateway.StopAsync();
        Assert.DoesNotContain(gateway.Gateway.Logs.Lines, line => line.Level >= Microsoft.Extensions.Logging.LogLevel.Error);
        Assert.Equal(0, gateway.UpstreamConnections);
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("duration('-1s')")]
    [InlineData("'text'")]
    [InlineData("request.headers['missing']")]
    public async Task Delay_OfNoTime_WaitsNotAtAll(string expression)
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with { Policies = [new DelayPolicy(null, new(expression))] }, new FakeTimeProvider());

        using var response = await gateway.GetAsync("/");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }
}
