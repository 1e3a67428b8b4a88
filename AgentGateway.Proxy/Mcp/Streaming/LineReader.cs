using System.Buffers;

namespace AgentGateway.Proxy.Mcp.Streaming;

/// <summary>
/// Reads lines from a stream through one pooled buffer. A line that is longer than the bound is cut: its beginning is delivered once, marked
/// as cut, and the rest is thrown away as it comes, so that memory stays bounded whatever a child process prints.
/// </summary>
internal sealed class LineReader(Stream source, int maxLineBytes) : IDisposable
{
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(4096);
    private int _start;
    private int _scanned;
    private int _filled;
    private bool _discarding;
    private bool _ended;

    /// <summary>The current line without its end, valid until the next read.</summary>
    public ReadOnlyMemory<byte> Line { get; private set; }

    /// <summary>True when only the beginning of the current line is there.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Reads the next line; false at the end of the stream. A last line without a line feed counts.</summary>
    public async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (!_ended)
        {
            if (TryTake())
            {
                return true;
            }

            if (MakeRoom())
            {
                return true;
            }

            var read = await source.ReadAsync(_buffer.AsMemory(_filled), cancellationToken);
            if (read == 0)
            {
                _ended = true;
                return !_discarding && Deliver(_filled, isCut: false, next: _filled) && !Line.IsEmpty;
            }

            _filled += read;
        }

        return false;
    }

    public void Dispose()
    {
        var buffer = _buffer;
        _buffer = [];
        Line = default;
        if (buffer.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private bool TryTake()
    {
        var at = _buffer.AsSpan(_scanned, _filled - _scanned).IndexOf((byte)'\n');
        if (at < 0)
        {
            _scanned = _filled;
            return false;
        }

        var end = _scanned + at;
        if (_discarding)
        {
            _discarding = false;
            _start = _scanned = end + 1;
            return TryTake();
        }

        return Deliver(end, isCut: false, next: end + 1);
    }

    private bool Deliver(int end, bool isCut, int next)
    {
        var length = end - _start;
        if (length > 0 && !isCut && _buffer[end - 1] == (byte)'\r')
        {
            length--;
        }

        Line = _buffer.AsMemory(_start, length);
        IsCut = isCut;
        _start = _scanned = next;
        return true;
    }

    // True when the line reached its bound and its beginning was delivered.
    private bool MakeRoom()
    {
        if (_discarding)
        {
            _start = _scanned = _filled = 0;
            return false;
        }

        if (_filled < _buffer.Length)
        {
            return false;
        }

        if (_start > 0)
        {
            Buffer.BlockCopy(_buffer, _start, _buffer, 0, _filled - _start);
            _filled -= _start;
            _scanned -= _start;
            _start = 0;
            if (_filled < _buffer.Length / 2)
            {
                return false;
            }
        }

        if (_filled >= maxLineBytes)
        {
            _discarding = true;
            return Deliver(_filled, isCut: true, next: _filled);
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Min(_buffer.Length * 2, Math.Max(maxLineBytes, _buffer.Length + 1)));
        Buffer.BlockCopy(_buffer, 0, larger, 0, _filled);
        ArrayPool<byte>.Shared.Return(_buffer);
        _buffer = larger;
        return false;
    }
}
