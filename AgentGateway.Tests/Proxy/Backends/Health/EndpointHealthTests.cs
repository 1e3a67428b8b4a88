using AgentGateway.Proxy.Backends.Health;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Health;

public sealed class EndpointHealthTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public void Fail_WithoutSettings_NeverEvicts()
    {
        var health = new EndpointHealth(_time);

        for (var i = 0; i < 10; i++)
        {
            health.Fail(null, null);
        }

        Assert.False(health.IsEvicted);
    }

    [Fact]
    public void Fail_AsManyTimesInARowAsSet_EvictsForTheDuration()
    {
        var health = new EndpointHealth(_time);
        var settings = new EvictionSettings { ConsecutiveFailures = 3, Duration = TimeSpan.FromSeconds(3) };

        health.Fail(settings, null);
        health.Fail(settings, null);
        health.Succeed(TimeSpan.Zero);
        health.Fail(settings, null);
        health.Fail(settings, null);
        Assert.False(health.IsEvicted);
        health.Fail(settings, null);

        Assert.True(health.IsEvicted);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(health.IsEvicted);
    }

    [Fact]
    public void Fail_AfterEachEviction_EvictsLonger()
    {
        var health = new EndpointHealth(_time);
        var settings = new EvictionSettings { Duration = TimeSpan.FromSeconds(3) };

        health.Fail(settings, null);
        _time.Advance(TimeSpan.FromSeconds(3));
        health.Fail(settings, null);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.True(health.IsEvicted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(health.IsEvicted);

        health.Succeed(TimeSpan.Zero);
        health.Fail(settings, null);
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.False(health.IsEvicted);
    }

    [Fact]
    public void Fail_WithRetryAfter_EvictsForThatTime()
    {
        var health = new EndpointHealth(_time);

        health.Fail(new EvictionSettings(), TimeSpan.FromSeconds(20));

        _time.Advance(TimeSpan.FromSeconds(19));
        Assert.True(health.IsEvicted);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(health.IsEvicted);
    }

    [Fact]
    public void Fail_HealthBelowTheThreshold_Evicts()
    {
        var health = new EndpointHealth(_time);
        var settings = new EvictionSettings { HealthThreshold = 0.4 };

        health.Fail(settings, null);
        health.Fail(settings, null);
        Assert.False(health.IsEvicted);
        health.Fail(settings, null);

        Assert.True(health.IsEvicted);
    }

    [Fact]
    public void FailConnect_ForATime_MakesUnreachable()
    {
        var health = new EndpointHealth(_time);

        health.FailConnect(null);

        Assert.True(health.IsUnreachable);
        _time.Advance(EndpointHealth.UnreachableTime);
        Assert.False(health.IsUnreachable);
    }

    [Fact]
    public void Score_WithMoreUnderWay_IsWorse()
    {
        var idle = new EndpointHealth(_time);
        var busy = new EndpointHealth(_time);
        busy.Begin();

        Assert.True(idle.Score < busy.Score);
        busy.End();
        Assert.Equal(idle.Score, busy.Score);
    }
}
