using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// Takes the chunked framing off in place: content of one read ends up side by side at the start of the buffer, so that it is passed on in one
/// write. Strict about line ends, digits and lengths (RFC 9112, 7.1).
/// </summary>
internal struct ChunkedDecoder
{
    /// <summary>Longest chunk-size line with its extensions, and longest trailer line.</summary>
    public const int MaxLineBytes = 4096;

    /// <summary>Longest trailer section in bytes.</summary>
    public const int MaxTrailerBytes = 16 * 1024;

    private enum State
    {
        Size,
        Data,
        DataEnd,
        Trailer,
        Done,
    }

    private State _state;
    private long _left;
    private int _trailerBytes;
    private int _trailerCount;

    /// <summary>The last chunk and the trailers were read.</summary>
    public readonly bool IsDone => _state == State.Done;

    /// <summary>Trailers that may be passed on, or null.</summary>
    public HeaderDictionary? Trailers { get; private set; }

    /// <summary>
    /// Decodes what it can of <paramref name="data"/>. <paramref name="produced"/> bytes of content stand at its start afterwards;
    /// the bytes from <paramref name="consumed"/> on are not yet used and must come again, with more behind them.
    /// </summary>
    /// <exception cref="UpstreamException">The framing is broken.</exception>
    public void Decode(Span<byte> data, out int consumed, out int produced)
    {
        consumed = produced = 0;
        while (_state != State.Done)
        {
            var rest = data[consumed..];
            switch (_state)
            {
                case State.Data:
                    var take = (int)Math.Min(_left, rest.Length);
                    if (take == 0)
                    {
                        return;
                    }

                    if (consumed != produced)
                    {
                        rest[..take].CopyTo(data[produced..]);
                    }

                    produced += take;
                    consumed += take;
                    _left -= take;
                    if (_left == 0)
                    {
                        _state = State.DataEnd;
                    }

                    break;
                case State.DataEnd:
                    if (rest.IsEmpty)
                    {
                        return;
                    }

                    if (rest[0] != '\r' || (rest.Length > 1 && rest[1] != '\n'))
                    {
                        throw ResponseHeadParser.Broken("a chunk is longer than its size");
                    }

                    if (rest.Length < 2)
                    {
                        return;
                    }

                    consumed += 2;
                    _state = State.Size;
                    break;
                case State.Size:
                    if (!TryTakeLine(rest, out var sizeLine))
                    {
                        return;
                    }

                    _left = ParseSize(sizeLine);
                    consumed += sizeLine.Length + 2;
                    _state = _left == 0 ? State.Trailer : State.Data;
                    break;
                case State.Trailer:
                    if (!TryTakeLine(rest, out var trailer))
                    {
                        return;
                    }

                    consumed += trailer.Length + 2;
                    if (trailer.IsEmpty)
                    {
                        _state = State.Done;
                    }
                    else
                    {
                        AddTrailer(trailer);
                    }

                    break;
            }
        }
    }

    private static bool TryTakeLine(ReadOnlySpan<byte> data, out ReadOnlySpan<byte> line)
    {
        var lf = data.IndexOf((byte)'\n');
        if (lf < 0 ? data.Length > MaxLineBytes : lf > MaxLineBytes)
        {
            throw ResponseHeadParser.Broken("a line of its chunked framing is longer than 4096 bytes");
        }

        if (lf < 0)
        {
            line = default;
            return false;
        }

        if (lf == 0 || data[lf - 1] != '\r')
        {
            throw ResponseHeadParser.Broken("a line of its chunked framing ends with a bare line feed");
        }

        line = data[..(lf - 1)];
        return true;
    }

    private static long ParseSize(ReadOnlySpan<byte> line)
    {
        long size = 0;
        var digits = 0;
        for (; digits < line.Length && HexDigit(line[digits]) is >= 0 and var digit; digits++)
        {
            // 15 digits stay below 2^60, so nothing overflows.
            if (digits == 15)
            {
                throw ResponseHeadParser.Broken("a chunk size has more than 15 digits");
            }

            size = (size << 4) + digit;
        }

        var extension = line[digits..];
        if (digits == 0
            || (!extension.IsEmpty && extension[0] is not ((byte)';' or (byte)' ' or (byte)'\t'))
            || extension.ContainsAnyInRange((byte)0, (byte)8)
            || extension.ContainsAnyInRange((byte)10, (byte)31)
            || extension.Contains((byte)127)
            || (!extension.IsEmpty && !extension.Trim(" \t"u8).IsEmpty && extension.Trim(" \t"u8)[0] != ';'))
        {
            throw ResponseHeadParser.Broken("a chunk size is malformed");
        }

        return size;
    }

    private static int HexDigit(byte value) => value switch
    {
        >= (byte)'0' and <= (byte)'9' => value - '0',
        >= (byte)'a' and <= (byte)'f' => value - 'a' + 10,
        >= (byte)'A' and <= (byte)'F' => value - 'A' + 10,
        _ => -1,
    };

    private void AddTrailer(ReadOnlySpan<byte> line)
    {
        _trailerBytes += line.Length + 2;
        if (_trailerBytes > MaxTrailerBytes || ++_trailerCount > ResponseHeadParser.MaxFields)
        {
            throw ResponseHeadParser.Broken("its trailers are too large");
        }

        var (nameLength, valueStart, valueLength) = ResponseHeadParser.SplitField(line);
        var name = FieldText.Decode(line[..nameLength]);
        if (HopByHop.IsForbiddenTrailer(name))
        {
            return;
        }

        Trailers ??= [];
        Trailers[name] = StringValues.Concat(Trailers[name], FieldText.Decode(line.Slice(valueStart, valueLength)));
    }
}
