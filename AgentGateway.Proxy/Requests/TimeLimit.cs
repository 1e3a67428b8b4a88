namespace AgentGateway.Proxy.Requests;

/// <summary>Time limits of the configuration as timers take them.</summary>
internal static class TimeLimit
{
    /// <summary>The longest time that timers of .NET express is 49.7 days; what is meant to be longer ends there, which no request lives to see.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(49);

    /// <summary>The limit, or the longest one.</summary>
    public static TimeSpan Of(TimeSpan limit) => limit < Longest ? limit : Longest;
}
