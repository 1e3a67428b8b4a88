using Microsoft.Extensions.Time.Testing;

namespace AgentGateway.Tests.Proxy.Telemetry;

/// <summary>A clock that jumps over every wait of at most ten seconds, as a retry makes it; longer ones stand still.</summary>
internal sealed class SkippingTimeProvider() : FakeTimeProvider(TelemetryHarness.Start)
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = base.CreateTimer(callback, state, dueTime, period);
        if (period == Timeout.InfiniteTimeSpan && dueTime > TimeSpan.Zero && dueTime <= TimeSpan.FromSeconds(10))
        {
            Advance(dueTime);
        }

        return timer;
    }
}
