using System.Diagnostics;
using System.Runtime.InteropServices;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// Starts a child as leader of its own session where the system has <c>setsid</c>, so that the children of the child can be ended with it even
/// after it has died, and so that Ctrl+C in the gateway's terminal does not reach them before the gateway has drained.
/// </summary>
internal static partial class ProcessGroup
{
    public const int Terminate = 15;
    public const int Kill = 9;

    private static readonly string? Setsid = OperatingSystem.IsLinux() ? ExecutableLookup.Find("setsid", Environment.GetEnvironmentVariable("PATH")) : null;

    /// <summary>True when children become leaders of a group of their own.</summary>
    public static bool IsSupported => Setsid is not null;

    /// <summary>Makes the start of <paramref name="executable"/> with its arguments; streams are redirected.</summary>
    public static ProcessStartInfo StartInfo(string executable, IEnumerable<string> arguments)
    {
        var info = new ProcessStartInfo(Setsid ?? executable)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        if (Setsid is not null)
        {
            info.ArgumentList.Add(executable);
        }

        foreach (var argument in arguments)
        {
            info.ArgumentList.Add(argument);
        }

        return info;
    }

    /// <summary>Sends a signal to every process of the group that the child leads; a group that is gone, or was never made, is no error.</summary>
    public static void Signal(int leader, int signal)
    {
        if (IsSupported)
        {
            _ = SendSignal(-leader, signal);
        }
    }

    /// <summary>Sends a signal to a child itself; where there are no groups, ending it ends its children too.</summary>
    public static void Signal(Process child, int signal)
    {
        try
        {
            if (signal == Kill)
            {
                child.Kill(entireProcessTree: !IsSupported);
            }
            else if (!OperatingSystem.IsWindows())
            {
                _ = SendSignal(child.Id, signal);
            }
        }
        catch (InvalidOperationException)
        {
            // It ended in between.
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);
}
