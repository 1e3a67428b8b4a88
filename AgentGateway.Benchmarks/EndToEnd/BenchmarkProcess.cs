using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>A program that the comparison started: it is stopped while others are measured, and its times come from <c>/proc</c>.</summary>
internal sealed partial class BenchmarkProcess : IDisposable
{
    private const int SigCont = 18;
    private const int SigStop = 19;
    private const double TicksPerSecond = 100;

    private readonly Process _process;

    private BenchmarkProcess(Process process) => _process = process;

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>User and system time so far.</summary>
    public TimeSpan Cpu
    {
        get
        {
            // Fields 14 and 15 of proc(5), counted behind the command name, which may hold spaces.
            var stat = File.ReadAllText($"/proc/{Id}/stat");
            var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
            return TimeSpan.FromSeconds((long.Parse(fields[11], CultureInfo.InvariantCulture) + long.Parse(fields[12], CultureInfo.InvariantCulture)) / TicksPerSecond);
        }
    }

    public double ResidentMegabytes => Status("VmRSS:");

    /// <summary>Most resident memory so far.</summary>
    public double PeakMegabytes => Status("VmHWM:");

    /// <summary>Starts a program and waits until it listens.</summary>
    /// <param name="port">Port it listens on once it is ready.</param>
    /// <param name="cpu">CPU to which it is bound, or null for all.</param>
    /// <param name="program">Path of the program.</param>
    /// <param name="arguments">Its arguments.</param>
    public static async Task<BenchmarkProcess> StartAsync(int port, int? cpu, string program, params string[] arguments)
    {
        // The shell only redirects and is replaced by the program: what a gateway logs must cost the reader nothing, and its errors stay readable.
        var errors = Path.GetTempFileName();
        var start = new ProcessStartInfo("/bin/sh") { ArgumentList = { "-c", "exec \"$@\" >/dev/null 2>\"$0\"", errors } };
        if (cpu is { } bound && FindTool("taskset") is not null)
        {
            start.ArgumentList.Add("taskset");
            start.ArgumentList.Add("-c");
            start.ArgumentList.Add(bound.ToString(CultureInfo.InvariantCulture));
        }

        start.ArgumentList.Add(program);
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        var process = Process.Start(start) ?? throw new InvalidOperationException($"{program} did not start");
        for (var tries = 0; tries < 300; tries++)
        {
            if (process.HasExited)
            {
                break;
            }

            if (await AcceptsAsync(port))
            {
                return new BenchmarkProcess(process);
            }

            await Task.Delay(100);
        }

        if (!process.HasExited)
        {
            process.Kill();
        }

        var said = string.Join(" | ", File.ReadLines(errors).TakeLast(5));
        throw new InvalidOperationException($"{program} does not listen on port {port}: {said}");
    }

    /// <summary>Full path of a program, or null when this machine does not have it.</summary>
    public static string? FindTool(string name) =>
        (Environment.GetEnvironmentVariable("PATH") + ":/usr/sbin:/sbin").Split(':', StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    public void Pause() => Signal(SigStop);

    public void Resume() => Signal(SigCont);

    public void Dispose()
    {
        if (!_process.HasExited)
        {
            _process.Kill(entireProcessTree: true);
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private double Status(string field)
    {
        var line = File.ReadLines($"/proc/{Id}/status").First(text => text.StartsWith(field, StringComparison.Ordinal));
        return long.Parse(line.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024.0;
    }

    private static async Task<bool> AcceptsAsync(int port)
    {
        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private void Signal(int signal)
    {
        if (Kill(Id, signal) != 0)
        {
            throw new InvalidOperationException($"process {Id} takes no signal: it has ended");
        }
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int Kill(int process, int signal);
}
