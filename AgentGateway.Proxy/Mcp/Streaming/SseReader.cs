using System.Buffers;
using System.Globalization;
using System.Text;

namespace AgentGateway.Proxy.Mcp.Streaming;

/// <summary>
/// Reads server-sent events from a stream through one pooled buffer. Follows the event stream format of the HTML standard: LF, CR or CRLF end a
/// line, lines that begin with a colon are comments, several <c>data</c> lines make one value. One deviation: data at the end of the stream
/// counts even without the empty line behind it, because some servers leave it out.
/// </summary>
internal sealed class SseReader(Stream source, int maxEventBytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _eventStart;
    private int _lineStart;
    private int _scanned;
    private int _filled;
    private int _dataStart = -1;
    private int _dataLength;
    private bool _skipLineFeed;
    private bool _begun;
    private bool _delivered;
    private bool _reading;

    /// <summary>Data of the current event, valid until the next read.</summary>
    public ReadOnlyMemory<byte> Data => _dataStart < 0 ? default : _buffer.AsMemory(_dataStart, _dataLength);

    /// <summary>Type of the current event; null when it has none, which means <c>message</c>.</summary>
    public string? EventType { get; private set; }

    /// <summary>Last identifier seen on the stream, null or empty when there was none.</summary>
    public string? LastEventId { get; private set; }

    /// <summary>Time the server asks to wait before reconnecting, null when it did not say.</summary>
    public TimeSpan? Retry { get; private set; }

    /// <summary>Reads the next event that has data (which can be empty text); false at the end of the stream.</summary>
    /// <exception cref="InvalidDataException">An event is larger than the bound.</exception>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        if (_delivered)
        {
            BeginEvent();
            _delivered = false;
        }

        while (true)
        {
            while (TryTakeLine(out var start, out var length))
            {
                if (length > 0)
                {
                    TakeField(start, length);
                }
                else if (_dataStart >= 0)
                {
                    return _delivered = true;
                }
                else
                {
                    BeginEvent();
                }
            }

            MakeRoom();
            _reading = true;
            var read = await source.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            _reading = false;
            if (read == 0)
            {
                return EndOfStream();
            }

            _filled += read;
            SkipByteOrderMark();
        }
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        _dataStart = -1;
        if (buffer.Length > 0 && !_reading)
        {
            // A buffer that a read may still write to is left to the garbage collector.
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool EndOfStream()
    {
        if (_filled > _lineStart)
        {
            var (start, length) = (_lineStart, _filled - _lineStart);
            _lineStart = _scanned = _filled;
            TakeField(start, length);
        }

        // A second call after the end must not deliver the same event again.
        return _dataStart >= 0 && !_delivered && (_delivered = true);
    }

    private void BeginEvent()
    {
        _eventStart = _lineStart;
        _dataStart = -1;
        _dataLength = 0;
        EventType = null;
    }

    private bool TryTakeLine(out int start, out int length)
    {
        if (_skipLineFeed && _lineStart < _filled)
        {
            _skipLineFeed = false;
            if (_buffer[_lineStart] == (byte)'\n')
            {
                _lineStart++;
                _scanned = Math.Max(_scanned, _lineStart);
            }
        }

        start = _lineStart;
        var at = _buffer.AsSpan(_scanned, _filled - _scanned).IndexOfAny((byte)'\r', (byte)'\n');
        if (at < 0)
        {
            _scanned = _filled;
            length = 0;
            return false;
        }

        var end = _scanned + at;
        length = end - start;
        _skipLineFeed = _buffer[end] == (byte)'\r';
        _lineStart = _scanned = end + 1;
        return true;
    }

    private void TakeField(int start, int length)
    {
        var line = _buffer.AsSpan(start, length);
        var colon = line.IndexOf((byte)':');
        if (colon == 0)
        {
            DropIfNoData();
            return;
        }

        var name = colon < 0 ? line : line[..colon];
        var valueStart = colon < 0 ? start + length : start + colon + 1;
        var valueEnd = start + length;
        if (valueStart < valueEnd && _buffer[valueStart] == (byte)' ')
        {
            valueStart++;
        }

        var value = _buffer.AsSpan(valueStart, valueEnd - valueStart);
        if (name.SequenceEqual("data"u8))
        {
            TakeData(valueStart, value.Length);
            return;
        }

        if (name.SequenceEqual("event"u8))
        {
            EventType = value.SequenceEqual("message"u8) ? "message" : Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("id"u8) && value.IndexOf((byte)0) < 0)
        {
            LastEventId = Encoding.UTF8.GetString(value);
        }
        else if (name.SequenceEqual("retry"u8) && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var milliseconds))
        {
            Retry = TimeSpan.FromMilliseconds(milliseconds);
        }

        DropIfNoData();
    }

    private void TakeData(int start, int length)
    {
        if (_dataStart < 0)
        {
            _dataStart = start;
            _dataLength = length;
            return;
        }

        // The lines are joined in place: a line end and "data:" stand between them, which is more than the one byte of the line feed.
        _buffer[_dataStart + _dataLength] = (byte)'\n';
        Buffer.BlockCopy(_buffer, start, _buffer, _dataStart + _dataLength + 1, length);
        _dataLength += length + 1;
    }

    // Comments and fields without data must not fill the buffer.
    private void DropIfNoData()
    {
        if (_dataStart < 0)
        {
            _eventStart = _lineStart;
        }
    }

    private void MakeRoom()
    {
        if (_filled < _buffer.Length)
        {
            return;
        }

        if (_eventStart > 0)
        {
            Buffer.BlockCopy(_buffer, _eventStart, _buffer, 0, _filled - _eventStart);
            _lineStart -= _eventStart;
            _scanned -= _eventStart;
            _filled -= _eventStart;
            _dataStart = _dataStart < 0 ? -1 : _dataStart - _eventStart;
            _eventStart = 0;
            if (_filled < _buffer.Length / 2)
            {
                return;
            }
        }

        if (_filled >= maxEventBytes)
        {
            throw new InvalidDataException($"an event is larger than {maxEventBytes} bytes");
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, Math.Max(maxEventBytes, _buffer.Length + 1)));
        Buffer.BlockCopy(_buffer, 0, larger, 0, _filled);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
    }

    private void SkipByteOrderMark()
    {
        if (_begun || _filled < 3)
        {
            return;
        }

        _begun = true;
        if (_lineStart == 0 && _buffer.AsSpan(0, 3).SequenceEqual("\uFEFF"u8))
        {
            _eventStart = _lineStart = 3;
            _scanned = Math.Max(_scanned, 3);
        }
    }
}
