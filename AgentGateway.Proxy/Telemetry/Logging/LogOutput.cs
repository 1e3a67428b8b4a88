namespace AgentGateway.Proxy.Telemetry.Logging;

/// <summary>
/// Takes log lines of all threads and writes them in the background, many at a time. Writers never wait for the stream: when it is stuck and
/// the bound is reached, lines are dropped and counted. What was taken is written before <see cref="Dispose"/> returns.
/// </summary>
internal sealed class LogOutput : IDisposable
{
    // Long enough that a busy gateway writes in blocks, short enough that nobody at a terminal notices.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(5);
    private const int BlockSize = 64 * 1024;

    private readonly object _gate = new();
    private readonly Stream _stream;
    private readonly int _maxBytes;
    private readonly Thread _thread;
    private ByteBuffer _pending = new(4096);
    private ByteBuffer _writing = new(4096);
    private long _written;
    private long _taken;
    private bool _urgent;
    private bool _closing;
    private bool _broken;

    public LogOutput(Stream stream, int maxBytes = 4 * 1024 * 1024)
    {
        _stream = stream;
        _maxBytes = maxBytes;
        _thread = new Thread(Run) { IsBackground = true, Name = "log output" };
        _thread.Start();
    }

    /// <summary>Lines that were lost because the stream did not take them.</summary>
    public long Dropped { get; private set; }

    /// <summary>Takes one line, which ends with a line feed.</summary>
    public void Write(ReadOnlySpan<byte> line)
    {
        lock (_gate)
        {
            if (_closing || _broken || _pending.Length + line.Length > _maxBytes)
            {
                Dropped++;
                return;
            }

            var before = _pending.Length;
            _pending.Append(line);
            _taken++;
            if (before == 0 || (before < BlockSize && _pending.Length >= BlockSize))
            {
                Monitor.PulseAll(_gate);
            }
        }
    }

    /// <summary>Waits until every line that was taken so far is written.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            var upTo = _taken;
            while (_written < upTo && !_broken && _thread.IsAlive)
            {
                _urgent = true;
                Monitor.PulseAll(_gate);
                Monitor.Wait(_gate, CloseTimeout);
            }
        }
    }

    /// <summary>Writes what is left and ends. A stream that is stuck is given up after a few seconds.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            _closing = true;
            Monitor.PulseAll(_gate);
        }

        _thread.Join(CloseTimeout);
    }

    private void Run()
    {
        while (true)
        {
            long taken;
            lock (_gate)
            {
                while (_pending.Length == 0 && !_closing)
                {
                    Monitor.Wait(_gate);
                }

                if (_pending.Length == 0)
                {
                    return;
                }

                if (!_urgent && !_closing && _pending.Length < BlockSize)
                {
                    Monitor.Wait(_gate, Linger);
                }

                _urgent = false;
                taken = _taken;
                (_pending, _writing) = (_writing, _pending);
            }

            Store(_writing);
            lock (_gate)
            {
                _written = taken;
                Monitor.PulseAll(_gate);
            }
        }
    }

    private void Store(ByteBuffer block)
    {
        try
        {
            _stream.Write(block.WrittenSpan);
            _stream.Flush();
        }
        catch (Exception error) when (error is IOException or ObjectDisposedException)
        {
            // Nobody reads the stream any more, and there is nowhere else to say so: a proxy must outlive its log reader.
            _broken = true;
        }

        if (block.Capacity > BlockSize * 4)
        {
            block.Dispose();
            _writing = new ByteBuffer(4096);
        }
        else
        {
            block.Clear();
        }
    }
}
