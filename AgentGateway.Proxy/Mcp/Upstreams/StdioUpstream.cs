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
/// Standard output has no streams, so the gateway decides which of the client's streams gets a message: answers by identifier, progress by its
/// token, requests to the client and log messages to the newest call under way (they relate to it in practice), changes of lists and resources
/// to the event stream. A client that goes away does not cancel its request (MCP: disconnection is not cancellation); its answer is dropped.
/// A process that ends is not started again: the session ends with it and the client gets 404, so that it initializes anew, because the
/// process's state is gone.
/// </remarks>
internal sealed class StdioUpstream : McpUpstream
{
    private readonly StdioProcess _process;
    private readonly McpLog _log;
    private readonly TimeProvider _time;
    private readonly LogBudget _budget;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, StdioPending> _pending = new(StringComparer.Ordinal);
    private readonly List<StdioPending> _order = [];
    private readonly SemaphoreSlim _writing = new(1, 1);
    private readonly StdioEvents _events;
    private readonly Action? _ended;
    private readonly Action _gone;
    private readonly Task _reading;
    private McpUpstreamException? _failure;
    private volatile bool _closing;

    private StdioUpstream(McpStdioTargetSnapshot target, StdioProcess process, McpLog log, TimeProvider time, Action? ended, Action gone)
        : base(target)
    {
        _process = process;
        _log = log;
        _time = time;
        _ended = ended;
        _gone = gone;
        _budget = new LogBudget(time, linesPerSecond: 10);
        _events = new StdioEvents(DropEvent);
        _reading = ReadAsync();
    }

    public override bool IsResumable => false;

    public override bool IsClosed
    {
        get
        {
            lock (_lock)
            {
                return _failure is not null;
            }
        }
    }

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

        var token = message.MetaProgressToken.IsPresent ? message.KeyOf(message.MetaProgressToken) : null;
        var pending = new StdioPending(this, message.IdKey(), token, message.Method!);
        lock (_lock)
        {
            if (_failure is not null)
            {
                throw _failure;
            }

            if (_pending.Count >= McpLimits.PendingRequests)
            {
                throw new McpUpstreamException($"failed to send message: more than {McpLimits.PendingRequests} requests are under way in this session");
            }

            if (!_pending.TryAdd(pending.Id, pending))
            {
                throw new McpUpstreamException("failed to send message: a request with this id is under way in this session");
            }

            _order.Add(pending);
        }

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
        new(UpstreamReply.Answered(_events.Attach()));

    public override async ValueTask CloseAsync(RequestContext? context, bool endSession)
    {
        _closing = true;
        Fail(new McpUpstreamException("failed to send message: the session was closed"));
        await _process.DisposeAsync();
        await _reading;
    }

    internal void Forget(StdioPending pending)
    {
        lock (_lock)
        {
            if (_pending.Remove(pending.Id))
            {
                _order.Remove(pending);
            }
        }
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
            using var deadline = new CancellationTokenSource(McpLimits.StdinTime, _time);
            await _process.Input.WriteAsync(line.AsMemory(0, json.Length + 1), deadline.Token);
            await _process.Input.FlushAsync(deadline.Token);
        }
        catch (OperationCanceledException error)
        {
            _process.Terminate();
            throw new McpUpstreamException($"failed to send message: stdio server does not read its input for {McpLimits.StdinTime.TotalSeconds:0} s", error);
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            throw new McpUpstreamException("failed to send message: stdio server closed its input", error);
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
            // What the process wrote before its end is still in the pipe; a grandchild may hold the pipe open for ever.
            await Task.WhenAny(lines, Task.Delay(TimeSpan.FromMilliseconds(200), _time));
        }
        else if (!_closing)
        {
            await Task.WhenAny(_process.Exited, Task.Delay(TimeSpan.FromMilliseconds(200), _time));
        }

        int requests;
        lock (_lock)
        {
            requests = _pending.Count;
        }

        if (!_closing)
        {
            var ending = _process.Ending;
            _log.Died(Target.Name, ending, requests);
            Fail(new McpUpstreamException($"failed to send message: stdio server {ending}"));
            _ended?.Invoke();
        }

        _events.Close();

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
                    FailPending(new McpUpstreamException($"failed to send message: stdio server sent a message of more than {McpLimits.UpstreamMessageBytes} bytes"));
                }
                else if (!lines.Line.Span.Trim(" \t\r"u8).IsEmpty)
                {
                    await TakeAsync(lines.Line);
                }
            }
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException or OperationCanceledException)
        {
            _log.StreamEnded(Target.Name, error.Message);
        }
    }

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> line)
    {
        var message = new JsonRpcMessage();
        if (!message.TryParse(line.ToArray(), out var reason))
        {
            if (_budget.Take(out var suppressed))
            {
                _log.Garbage(Target.Name, reason, LogText.Of(line.Span, 200), suppressed);
            }

            // Servers print banners and debug output; that is passed over. What looks like a message and is none was an answer that is lost.
            if (line.Span.TrimStart(" \t"u8)[0] == (byte)'{')
            {
                FailPending(new McpUpstreamException("failed to send message: stdio server sent a message that cannot be read"));
            }

            return;
        }

        switch (message.Kind)
        {
            case JsonRpcKind.Response or JsonRpcKind.Error:
                await AnswerAsync(message);
                return;
            case JsonRpcKind.Notification when message.Method == McpMethods.Progress && message.ProgressToken.IsPresent:
                await DeliverAsync(message, ByProgressToken(message.KeyOf(message.ProgressToken)));
                return;
            case JsonRpcKind.Notification when IsChange(message.Method!) && _events.IsAttached:
                _events.Add(message);
                return;
            default:
                await DeliverAsync(message, Newest());
                return;
        }
    }

    private async ValueTask AnswerAsync(JsonRpcMessage message)
    {
        StdioPending? pending = null;
        lock (_lock)
        {
            if (message.IdSlice.IsPresent)
            {
                _pending.Remove(message.IdKey(), out pending);
            }
            else if (_pending.Count == 1)
            {
                // An error without identifier: the server could not read the only request there is.
                pending = _order[0];
                _pending.Remove(pending.Id);
            }

            if (pending is not null)
            {
                _order.Remove(pending);
            }
        }

        if (pending is null)
        {
            _log.Unexpected(Target.Name);
            return;
        }

        await pending.AddAsync(message);
        pending.Complete();
    }

    private ValueTask DeliverAsync(JsonRpcMessage message, StdioPending? pending)
    {
        if (pending is not null)
        {
            return pending.AddAsync(message);
        }

        _events.Add(message);
        return ValueTask.CompletedTask;
    }

    private StdioPending? ByProgressToken(string token)
    {
        lock (_lock)
        {
            foreach (var pending in _order)
            {
                if (string.Equals(pending.ProgressToken, token, StringComparison.Ordinal))
                {
                    return pending;
                }
            }
        }

        return null;
    }

    private StdioPending? Newest()
    {
        lock (_lock)
        {
            for (var i = _order.Count - 1; i >= 0; i--)
            {
                if (_order[i].IsToolCall)
                {
                    return _order[i];
                }
            }

            return _order.Count > 0 ? _order[^1] : null;
        }
    }

    private static bool IsChange(string method) =>
        method == McpMethods.ResourceUpdated || method.EndsWith("/list_changed", StringComparison.Ordinal);

    private void Fail(McpUpstreamException error)
    {
        lock (_lock)
        {
            _failure ??= error;
        }

        FailPending(error);
    }

    private void FailPending(McpUpstreamException error)
    {
        StdioPending[] failed;
        lock (_lock)
        {
            failed = [.. _order];
            _order.Clear();
            _pending.Clear();
        }

        foreach (var pending in failed)
        {
            pending.Fail(error);
        }
    }

    // A request of the server that no client will see must not leave the server waiting.
    private void DropEvent(JsonRpcMessage message)
    {
        if (_budget.Take(out var suppressed))
        {
            _log.Dropped(Target.Name, suppressed + 1);
        }

        if (message.Kind == JsonRpcKind.Request)
        {
            _ = RefuseAsync(JsonRpcText.Error(message.Id, JsonRpcText.InternalError, "no client stream took the request"));
        }
    }

    private async Task RefuseAsync(byte[] error)
    {
        try
        {
            await WriteAsync(error, CancellationToken.None);
        }
        catch (McpUpstreamException failure)
        {
            _log.StreamEnded(Target.Name, failure.Message);
        }
    }
}
