using System.Buffers;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Mcp.Messages;
using AgentGateway.Proxy.Mcp.Streaming;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// A target that is a child process of this session. Identifiers are passed unchanged: one client speaks to one process, and its identifiers are
/// unique in the session.
/// </summary>
/// <remarks>
/// A client that goes away does not cancel its request (MCP: disconnection is not cancellation); its answer is dropped.
/// A process that ends is not started again: the session ends with it and the client gets 404, so that it initializes anew, because the
/// process's state is gone.
/// </remarks>
internal sealed class StdioUpstream : McpUpstream
{
    /// <summary>Longest wait for the end of the output after the end of the process; a grandchild may hold the pipe open for ever.</summary>
    private static readonly TimeSpan LastWords = TimeSpan.FromMilliseconds(800);

    /// <summary>Longest wait for the end of a process whose pipes are closed; it mostly takes a few milliseconds, and says why.</summary>
    private static readonly TimeSpan LastBreath = TimeSpan.FromSeconds(3);

    private readonly StdioProcess _process;
    private readonly McpLog _log;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly SharedStream _stream;
    private readonly Action? _ended;
    private readonly Action _gone;
    private readonly Task _reading;
    private volatile bool _closing;

    private StdioUpstream(McpStdioTargetSnapshot target, StdioProcess process, McpLog log, TimeProvider time, Action? ended, Action gone)
        : base(target)
    {
        _process = process;
        _log = log;
        _time = time;
        _ended = ended;
        _gone = gone;
        _stream = new SharedStream(target.Name, "stdio server", log, time, json => WriteAsync(json, CancellationToken.None));
        _reading = ReadAsync();
    }

    public override bool IsResumable => false;

    public override bool IsClosed => _stream.HasFailed;

    /// <summary>Starts the process of a target.</summary>
    /// <param name="target">What to start.</param>
    /// <param name="log">Where its standard error and its end are told.</param>
    /// <param name="time">Clock of the bounds.</param>
    /// <param name="ended">Called once when the process ends without having been asked to.</param>
    /// <param name="gone">Called once when the process has ended, for whatever reason.</param>
    /// <exception cref="McpUpstreamException">The program cannot be started.</exception>
    public static StdioUpstream Start(McpStdioTargetSnapshot target, McpLog log, TimeProvider time, Action? ended, Action gone) =>
        new(target, StdioProcess.Start(target, log, time), log, time, ended, gone);

    public override async ValueTask<UpstreamReply> SendAsync(UpstreamCall call, CancellationToken cancellationToken)
    {
        var message = call.Message;
        if (message.Kind != JsonRpcKind.Request)
        {
            await WriteAsync(call.Json, cancellationToken);
            return UpstreamReply.Accepted;
        }

        var pending = _stream.Begin(message);
        try
        {
            await WriteAsync(call.Json, cancellationToken);
        }
        catch
        {
            await pending.DisposeAsync();
            throw;
        }

        return UpstreamReply.Answered(pending);
    }

    public override ValueTask<UpstreamReply> OpenEventsAsync(RequestContext context, CancellationToken cancellationToken) =>
        new(UpstreamReply.Answered(_stream.Attach()));

    public override async ValueTask CloseAsync(RequestContext? context, bool endSession)
    {
        _closing = true;
        _stream.Fail(new McpUpstreamException("failed to send message: the session was closed"));
        await _process.DisposeAsync();
        await _reading;
    }

    private async ValueTask WriteAsync(ReadOnlyMemory<byte> json, CancellationToken cancellationToken)
    {
        await _writing.WaitAsync(cancellationToken);
        var line = ArrayPool<byte>.Shared.Rent(json.Length + 1);
        try
        {
            json.Span.CopyTo(line);
            var text = line.AsSpan(0, json.Length);
            text.Replace((byte)'\n', (byte)' ');
            text.Replace((byte)'\r', (byte)' ');
            line[json.Length] = (byte)'\n';

            // Not cancelled with the request: half a line would garble the next message. A server that never reads is ended instead.
            // Pipes hold nothing back, so there is nothing to flush; on a process that has ended since, that would fail.
            using var deadline = new CancellationTokenSource(McpLimits.StdinTime, _time);
            await _process.Input.WriteAsync(line.AsMemory(0, json.Length + 1), deadline.Token);
        }
        catch (OperationCanceledException error)
        {
            _process.Terminate();
            throw new McpUpstreamException($"failed to send message: stdio server does not read its input for {McpLimits.StdinTime.TotalSeconds:0} s", error);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Mostly because it has ended: its exit code says more than the broken pipe.
            await Task.WhenAny(_process.Exited, Task.Delay(LastBreath, _time, CancellationToken.None));
            throw new McpUpstreamException($"failed to send message: stdio server {(_process.Exited.IsCompleted ? _process.Ending : "closed its input")}", error);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(line);
            _writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        var lines = ReadLinesAsync();
        await Task.WhenAny(lines, _process.Exited);
        if (!lines.IsCompleted)
        {
            // What the process wrote before its end is still in the pipe.
            await Task.WhenAny(lines, Task.Delay(LastWords, _time));
        }
        else if (!_closing)
        {
            await Task.WhenAny(_process.Exited, Task.Delay(LastBreath, _time));
        }

        if (!_closing)
        {
            var ending = _process.Ending;
            _log.Died(Target.Name, ending, _stream.Count);
            _stream.Fail(new McpUpstreamException($"failed to send message: stdio server {ending}"));
            _ended?.Invoke();
        }

        _stream.Close();

        // Closes the pipes, which ends the reader, and ends what the process left behind.
        await _process.DisposeAsync();
        _gone();
        await lines;
    }

    private async Task ReadLinesAsync()
    {
        using var lines = new LineReader(_process.Output, McpLimits.UpstreamMessageBytes);
        try
        {
            while (await lines.ReadAsync(_process.Closed))
            {
                if (lines.IsCut)
                {
                    _log.TooLarge(Target.Name, McpLimits.UpstreamMessageBytes);
                    _stream.FailPending(new McpUpstreamException($"failed to send message: stdio server sent a message of more than {McpLimits.UpstreamMessageBytes} bytes"));
                }
                else if (!lines.Line.Span.Trim(" \t\r"u8).IsEmpty)
                {
                    await _stream.TakeAsync(lines.Line);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _log.StreamEnded(Target.Name, error.Message);
        }
    }
}
