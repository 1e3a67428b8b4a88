namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>
/// The clock of the system, with more patience: timers of one second to one minute take thirty times as long. A machine that is busy elsewhere
/// does not run into timeouts that a test is not about.
/// </summary>
internal sealed class PatientTime : TimeProvider
{
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime >= TimeSpan.FromSeconds(1) && dueTime <= TimeSpan.FromMinutes(1) ? dueTime * 30 : dueTime, period);
}
