using System.Buffers;
using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.CompilerServices;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// One connection to an HTTP/1.1 upstream, used by one exchange at a time. While it is idle a receive stays pending: it is the receive that
/// the next response completes anyway, and until then it tells at no cost whether the upstream closed or sent what nobody asked for.
/// </summary>
internal sealed class Http1Connection : IDisposable
{
    /// <summary>Receive buffer that a connection keeps; larger bodies borrow a larger one.</summary>
    private const int BufferBytes = 8 * 1024;

    /// <summary>A request whose body has arrived whole and is not longer goes out in one send.</summary>
    private const int CoalescedBodyBytes = 64 * 1024;

    /// <summary>Most interim responses before the final one.</summary>
    private const int MaxInterim = 16;

    private readonly UpstreamLink _link;
    private readonly TimeProvider _time;
    private readonly ResponseHeadParser _head = new();
    private readonly FieldStringCache _strings = new();
    private readonly byte[] _kept = GC.AllocateUninitializedArray<byte>(BufferBytes);
    private byte[] _in;
    private byte[] _out = GC.AllocateUninitializedArray<byte>(4 * 1024);
    private RequestBodyPump? _pump;
    private int _aborted;
    private bool _receivedAny;
    private int _exchanges;

    public Http1Connection(UpstreamLink link, Http1Transport owner, TimeProvider time)
    {
        _link = link;
        _time = time;
        _in = _kept;
        Response = new Http1Response(this, owner);
    }

    public Http1Response Response { get; }

    public ResponseHeadParser Head => _head;

    public FieldStringCache Strings => _strings;

    /// <summary>Received bytes that are not used yet.</summary>
    public int Start { get; set; }

    public int End { get; set; }

    public byte[] Buffer => _in;

    /// <summary>When the connection became idle, by the timestamp of its clock.</summary>
    public long IdleSince { get; private set; }

    /// <summary>The whole request was sent and no pump runs.</summary>
    public bool RequestSent => _pump is null || _pump.IsComplete;

    public bool IsAborted => Volatile.Read(ref _aborted) != 0;

    /// <summary>False once an idle connection was closed, or got bytes that nobody asked for.</summary>
    public bool IsReusable => !IsAborted && !_link.IsCompleted;

    /// <summary>Marks the connection as idle and starts to watch it.</summary>
    public void BecomeIdle()
    {
        Debug.Assert(Start == End, "unread bytes of another exchange");
        Start = End = 0;
        _pump = null;
        IdleSince = _time.GetTimestamp();
        if (!ReferenceEquals(_in, _kept))
        {
            ArrayPool<byte>.Shared.Return(_in);
            _in = _kept;
        }

        if (_out.Length > BufferBytes * 2)
        {
            _out = GC.AllocateUninitializedArray<byte>(4 * 1024);
        }

        try
        {
            _link.Start(_in);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Abort();
        }
    }

    /// <summary>
    /// Sends the request and reads the head of its final response. On failure the connection is closed.
    /// </summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    public async ValueTask ExchangeAsync(UpstreamRequest request, CancellationToken cancellationToken)
    {
        _head.Reset();
        _receivedAny = false;
        NothingSent = true;
        _exchanges = Math.Min(_exchanges + 1, 2);
        var registration = cancellationToken.UnsafeRegister(static state => ((Http1Connection)state!).Abort(), this);
        try
        {
            var length = RequestHeadWriter.Write(request, ref _out);
            var whole = request.Body is null || (!request.ExpectContinue && TryAppendWholeBody(request, ref length));
            if (whole)
            {
                await SendAsync(_out.AsMemory(0, length));
            }
            else
            {
                _pump = new RequestBodyPump(this, request, _time);
                _pump.Start(_out, length);
            }

            await ReceiveHeadAsync();
            Response.Begin(request);
        }
        catch (Exception e)
        {
            Abort();
            if (_pump is { } pump)
            {
                await pump.StopAsync();
            }

            throw Explain(e, cancellationToken);
        }
        finally
        {
            // Waits for a callback that is running: no abort may hit the next exchange.
            registration.Dispose();
        }
    }

    /// <summary>An exchange was begun on this connection before the last one.</summary>
    public bool WasUsed => _exchanges > 1;

    /// <summary>True when the last exchange failed before a single byte of a response came.</summary>
    public bool FailedBeforeResponse => !_receivedAny;

    /// <summary>True when the last exchange failed before the connection took a single byte of the request.</summary>
    public bool NothingSent { get; private set; }

    /// <summary>Receives more behind <see cref="End"/>; 0 means that the upstream has closed.</summary>
    public ValueTask<int> ReceiveAsync()
    {
        if (!_link.IsPending)
        {
            _link.Start(_in.AsMemory(End));
        }

        return _link.TakeAsync();
    }

    public ValueTask<int> ReceiveAsync(Memory<byte> buffer) => _link.ReceiveAsync(buffer);

    public ValueTask<int> SendAsync(ReadOnlyMemory<byte> data)
    {
        var sending = _link.SendAsync(data);
        NothingSent &= sending.IsFaulted && data.Length <= _link.LongestWholeSend;
        return sending;
    }

    public ValueTask EndSendingAsync() => _link.EndSendingAsync();

    /// <summary>Moves unread bytes to the start of the buffer, so that there is room behind them.</summary>
    public void Compact()
    {
        if (Start > 0)
        {
            _in.AsSpan(Start, End - Start).CopyTo(_in);
            End -= Start;
            Start = 0;
        }
    }

    /// <summary>Makes the receive buffer larger, until the connection becomes idle. An aborted connection leaves its buffer to the
    /// garbage collector: a receive may still write to it.</summary>
    public void Grow(int size)
    {
        var larger = ArrayPool<byte>.Shared.Rent(size);
        _in.AsSpan(Start, End - Start).CopyTo(larger);
        End -= Start;
        Start = 0;
        if (!ReferenceEquals(_in, _kept))
        {
            ArrayPool<byte>.Shared.Return(_in);
        }

        _in = larger;
    }

    /// <summary>Ends the sending of a request whose response is complete already.</summary>
    public ValueTask StopSendingAsync()
    {
        if (_pump is not { IsComplete: false } pump)
        {
            return default;
        }

        Abort();
        return pump.StopAsync();
    }

    /// <summary>Why the client's body could not be read, when that is what broke the exchange.</summary>
    public Exception? ClientFailure => _pump?.ClientFailure;

    /// <summary>Closes the connection whatever it is doing. Safe from any thread.</summary>
    public void Abort()
    {
        if (Interlocked.Exchange(ref _aborted, 1) == 0)
        {
            _link.Dispose();
        }
    }

    public void Dispose() => Abort();

    /// <summary>Turns what connections throw into what callers handle.</summary>
    public Exception Explain(Exception e, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
        {
            return new OperationCanceledException(cancellationToken);
        }

        if (ClientFailure is { } client)
        {
            return new UpstreamException(UpstreamFailure.RequestBody, client.Message, client);
        }

        return e switch
        {
            UpstreamException or OperationCanceledException => e,
            SocketException socket => new UpstreamException(UpstreamFailure.Closed, $"connection broke: {SocketErrorText.Of(socket)}", e),
            ObjectDisposedException => new UpstreamException(UpstreamFailure.Closed, "connection was closed", e),
            _ => e,
        };
    }

    private bool TryAppendWholeBody(UpstreamRequest request, ref int length)
    {
        if (request.ContentLength is not { } expected || expected > CoalescedBodyBytes || !request.Body!.TryRead(out var result))
        {
            return false;
        }

        var body = result.Buffer;
        if (body.Length != expected || !result.IsCompleted)
        {
            // Examined nothing: the pump reads the same bytes again.
            request.Body.AdvanceTo(body.Start, body.Start);
            return false;
        }

        if (_out.Length - length < expected)
        {
            Array.Resize(ref _out, length + (int)expected);
        }

        request.BodyStarted = true;
        foreach (var segment in body)
        {
            segment.Span.CopyTo(_out.AsSpan(length));
            length += segment.Length;
        }

        request.Body.AdvanceTo(body.End);
        return true;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveHeadAsync()
    {
        for (var interim = 0; ;)
        {
            if (Start < End && _head.TryParse(_in.AsSpan(Start, End - Start)))
            {
                Start += _head.HeadLength;
                if (_head.StatusCode >= 200 || _head.StatusCode == 101)
                {
                    return;
                }

                if (_head.IsChunked || _head.ContentLength > 0)
                {
                    throw ResponseHeadParser.Broken("an interim response has a body");
                }

                if (++interim > MaxInterim)
                {
                    throw ResponseHeadParser.Broken("more than 16 interim responses");
                }

                if (_head.StatusCode == 100)
                {
                    _pump?.Continue();
                }

                _head.Reset();
                continue;
            }

            Compact();
            if (End == _in.Length)
            {
                Grow(_in.Length * 2);
            }

            var received = await ReceiveAsync();
            if (received == 0)
            {
                throw new UpstreamException(UpstreamFailure.Closed, _receivedAny ? "connection closed inside the response head" : "connection closed before a response came");
            }

            _receivedAny = true;
            End += received;
        }
    }
}
