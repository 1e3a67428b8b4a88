using System.ComponentModel;
using System.Diagnostics;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>A child process: its start, its standard streams, and its end with all processes it started.</summary>
internal sealed class StdioProcess : IAsyncDisposable
{
    private const int LongestLogLine = 4096;

    // A server has one second to end by itself after its input was closed, and one more after SIGTERM.
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly Process _process;
    private readonly McpLog _log;
    private readonly TimeProvider _time;
    private readonly Task _errors;
    private readonly string _name;
    private readonly LogBudget _budget;
    private readonly CancellationTokenSource _closed = new();
    private int _exitCode;
    private int _disposed;

    private StdioProcess(Process process, string name, McpLog log, TimeProvider time)
    {
        _process = process;
        _name = name;
        _log = log;
        _time = time;
        _budget = new LogBudget(time);
        Input = process.StandardInput.BaseStream;
        Output = process.StandardOutput.BaseStream;
        Id = process.Id;
        Exited = WatchAsync();
        _errors = LogErrorsAsync();
    }

    public Stream Input { get; }

    public Stream Output { get; }

    /// <summary>Completes when the process has ended.</summary>
    public Task Exited { get; }

    public int Id { get; }

    /// <summary>Cancelled when the pipes are closed, so that a reader ends even when a process that left the group holds them open.</summary>
    public CancellationToken Closed => _closed.Token;

    /// <summary>How the process ended, in words.</summary>
    public string Ending => !Exited.IsCompleted ? "closed its output"
        : _exitCode > 128 ? $"was ended by signal {_exitCode - 128}"
        : $"exited with code {_exitCode}";

    /// <summary>Starts the program of a target.</summary>
    /// <exception cref="McpUpstreamException">There is no such program, or it cannot be executed.</exception>
    public static StdioProcess Start(McpStdioTargetSnapshot target, McpLog log, TimeProvider time)
    {
        var path = Environment.GetEnvironmentVariable("PATH");
        var executable = ExecutableLookup.Find(target.Command, target.Environment.TryGetValue("PATH", out var own) ? own : path)
            ?? throw CannotStart(target, "no such program, or it is not executable");
        var info = ProcessGroup.StartInfo(executable, target.Arguments);
        if (target.ClearEnvironment)
        {
            info.Environment.Clear();
        }

        foreach (var (name, value) in target.Environment)
        {
            info.Environment[name] = value;
        }

        try
        {
            var process = new Process { StartInfo = info };
            process.Start();
            log.Started(target.Name, process.Id);
            return new StdioProcess(process, target.Name, log, time);
        }
        catch (Exception error) when (error is Win32Exception or InvalidOperationException or IOException)
        {
            throw CannotStart(target, error.Message, error);
        }
    }

    /// <summary>Asks the process and all it started to end.</summary>
    public void Terminate() => Signal(ProcessGroup.Terminate);

    /// <summary>Ends the process and all it started: closes its input, waits, asks it to end, then ends it.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _disposed, 1) != 0)
        {
            await Exited;
            return;
        }

        try
        {
            Input.Close();
        }
        catch (IOException)
        {
            // The other end is gone already.
        }

        if (!await EndsWithinAsync(Grace))
        {
            Signal(ProcessGroup.Terminate);
            await EndsWithinAsync(Grace);
        }

        // Also when the leader has ended: its children may live on.
        Signal(ProcessGroup.Kill);
        await Exited;
        _log.Ended(_name, Id, Ending);
        await _closed.CancelAsync();
        await _errors;
        _process.Dispose();
    }

    private static McpUpstreamException CannotStart(McpStdioTargetSnapshot target, string reason, Exception? inner = null) =>
        new($"failed to start stdio server: {target.Command}: {reason}", inner!) { IsStartFailure = true };

    private void Signal(int signal)
    {
        ProcessGroup.Signal(Id, signal);
        if (!Exited.IsCompleted)
        {
            // The leader may not have made its group yet, or the system has none.
            ProcessGroup.Signal(_process, signal);
        }
    }

    private async Task WatchAsync()
    {
        await _process.WaitForExitAsync();
        _exitCode = _process.ExitCode;
    }

    private async Task<bool> EndsWithinAsync(TimeSpan time)
    {
        try
        {
            await Exited.WaitAsync(time, _time);
            return true;
        }
        catch (TimeoutException)
        {
            return false;
        }
    }

    private async Task LogErrorsAsync()
    {
        using var lines = new LineReader(_process.StandardError.BaseStream, LongestLogLine);
        try
        {
            while (await lines.ReadAsync(_closed.Token))
            {
                if (!lines.Line.IsEmpty && _budget.Take(out var suppressed))
                {
                    _log.ServerError(_name, LogText.Of(lines.Line.Span, LongestLogLine), suppressed);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _log.StreamEnded(_name, error.Message);
        }
    }
}
