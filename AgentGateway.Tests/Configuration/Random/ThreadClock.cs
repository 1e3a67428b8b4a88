using System.Diagnostics;
using System.Globalization;

namespace AgentGateway.Tests.Configuration.Random;

/// <summary>How long a piece of work keeps its thread busy. On Linux that is processor time, so that other tests do not count; elsewhere the time on the wall.</summary>
internal static class ThreadClock
{
    private const string Statistics = "/proc/thread-self/stat";

    // Unit of the kernel's figures for programs, whatever its own clock is (USER_HZ).
    private const int TicksPerSecond = 100;

    public static TimeSpan Measure(Action work)
    {
        var busy = Read();
        var start = Stopwatch.GetTimestamp();
        work();
        return Read() is { } after && busy is { } before ? after - before : Stopwatch.GetElapsedTime(start);
    }

    // User and system time are the 14th and 15th field; the second is a name in parentheses that may hold anything (proc_pid_stat(5)).
    private static TimeSpan? Read()
    {
        if (!File.Exists(Statistics))
        {
            return null;
        }

        var text = File.ReadAllText(Statistics);
        var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture);
        return TimeSpan.FromSeconds((double)ticks / TicksPerSecond);
    }
}
