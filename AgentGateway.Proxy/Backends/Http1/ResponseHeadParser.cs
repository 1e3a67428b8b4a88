using System.Buffers;
using System.Buffers.Text;
using System.Text;
using AgentGateway.Proxy.Backends.Transport;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>
/// Parses the head of an HTTP/1.1 response, strictly: whatever two parsers could read in two ways is refused (RFC 9112, 2.2, 5 and 6.3),
/// because the connection is shared by requests of different clients. Feeds on growing prefixes of the same bytes.
/// </summary>
internal sealed class ResponseHeadParser
{
    /// <summary>Longest head in bytes, status line included.</summary>
    public const int MaxHeadBytes = 64 * 1024;

    /// <summary>Most header fields of one head, or of one trailer section.</summary>
    public const int MaxFields = 256;

    private static readonly SearchValues<byte> TokenBytes = SearchValues.Create("!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"u8);

    // Control characters other than tab; 0x80 and above is obs-text, which passes.
    private static readonly SearchValues<byte> ForbiddenValueBytes = SearchValues.Create(
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 127]);

    private HeaderSlice[] _fields = new HeaderSlice[16];
    private int _lineStart;
    private bool _statusSeen;

    public int FieldCount { get; private set; }

    public int StatusCode { get; private set; }

    /// <summary>1 for HTTP/1.1, 0 for HTTP/1.0.</summary>
    public int MinorVersion { get; private set; }

    /// <summary>Bytes of the head, once it is whole.</summary>
    public int HeadLength => _lineStart;

    /// <summary>Value of <c>Content-Length</c>, or -1.</summary>
    public long ContentLength { get; private set; }

    public bool IsChunked { get; private set; }

    public bool ConnectionClose { get; private set; }

    public bool ConnectionKeepAlive { get; private set; }

    public bool ConnectionUpgrade { get; private set; }

    public bool HasTrailerField { get; private set; }

    /// <summary>A <c>Connection</c> field names further fields, which then are hop-by-hop too.</summary>
    public bool ConnectionNamesFields { get; private set; }

    public HeaderSlice this[int index] => _fields[index];

    public void Reset()
    {
        _lineStart = 0;
        _statusSeen = false;
        FieldCount = 0;
        ContentLength = -1;
        IsChunked = ConnectionClose = ConnectionKeepAlive = ConnectionUpgrade = HasTrailerField = ConnectionNamesFields = false;
    }

    /// <summary>Goes on where it stopped; <paramref name="data"/> starts at the first byte of the head. Returns true when the head is whole.</summary>
    /// <exception cref="UpstreamException">The head breaks the rules.</exception>
    public bool TryParse(ReadOnlySpan<byte> data)
    {
        while (true)
        {
            var rest = data[_lineStart..];
            var lf = rest.IndexOf((byte)'\n');
            if (lf < 0)
            {
                return data.Length < MaxHeadBytes ? false : throw Broken("its head is longer than 65536 bytes");
            }

            if (_lineStart + lf >= MaxHeadBytes)
            {
                throw Broken("its head is longer than 65536 bytes");
            }

            if (lf == 0 || rest[lf - 1] != '\r')
            {
                throw Broken("a line of its head ends with a bare line feed");
            }

            var line = rest[..(lf - 1)];
            if (!_statusSeen)
            {
                ParseStatusLine(line);
                _statusSeen = true;
            }
            else if (line.IsEmpty)
            {
                _lineStart += lf + 1;
                CheckFraming();
                return true;
            }
            else
            {
                ParseField(line);
            }

            _lineStart += lf + 1;
        }
    }

    /// <summary>Checks and splits one field line; used for trailers too.</summary>
    public static (int NameLength, int ValueStart, int ValueLength) SplitField(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon <= 0 || line[..colon].ContainsAnyExcept(TokenBytes))
        {
            throw Broken(line[0] is (byte)' ' or (byte)'\t' ? "it folds a header over lines" : "a header name is malformed");
        }

        var start = colon + 1;
        var end = line.Length;
        while (start < end && line[start] is (byte)' ' or (byte)'\t')
        {
            start++;
        }

        while (end > start && line[end - 1] is (byte)' ' or (byte)'\t')
        {
            end--;
        }

        if (line[start..end].ContainsAny(ForbiddenValueBytes))
        {
            throw Broken("a header value holds a control character");
        }

        return (colon, start, end - start);
    }

    public static UpstreamException Broken(string how) => new(UpstreamFailure.Protocol, "invalid response: " + how);

    private void ParseStatusLine(ReadOnlySpan<byte> line)
    {
        // HTTP/1.1 SP 200 [SP reason]; the space after the code is missing from some servers when there is no reason.
        if (line.Length < 12
            || !line.StartsWith("HTTP/1."u8)
            || line[7] is not ((byte)'0' or (byte)'1')
            || line[8] != ' '
            || !Utf8Parser.TryParse(line.Slice(9, 3), out int status, out var digits)
            || digits != 3
            || status < 100
            || (line.Length > 12 && line[12] != ' ')
            || line[12..].ContainsAny(ForbiddenValueBytes))
        {
            throw Broken("its status line is malformed");
        }

        StatusCode = status;
        MinorVersion = line[7] - '0';
    }

    private void ParseField(ReadOnlySpan<byte> line)
    {
        var (nameLength, valueStart, valueLength) = SplitField(line);
        if (FieldCount == _fields.Length)
        {
            if (FieldCount == MaxFields)
            {
                throw Broken("it has more than 256 headers");
            }

            Array.Resize(ref _fields, FieldCount * 2);
        }

        _fields[FieldCount++] = new HeaderSlice(_lineStart, nameLength, _lineStart + valueStart, valueLength);
        var name = line[..nameLength];
        var value = line.Slice(valueStart, valueLength);
        switch (nameLength)
        {
            case 7 when Ascii.EqualsIgnoreCase(name, "trailer"u8):
                HasTrailerField = true;
                break;
            case 10 when Ascii.EqualsIgnoreCase(name, "connection"u8):
                ParseConnection(value);
                break;
            case 14 when Ascii.EqualsIgnoreCase(name, "content-length"u8):
                ParseContentLength(value);
                break;
            case 17 when Ascii.EqualsIgnoreCase(name, "transfer-encoding"u8):
                if (IsChunked || !Ascii.EqualsIgnoreCase(value, "chunked"u8))
                {
                    throw Broken("its Transfer-Encoding is not just chunked");
                }

                IsChunked = true;
                break;
        }
    }

    private void ParseContentLength(ReadOnlySpan<byte> value)
    {
        // A list of equal lengths could be repaired (RFC 9112, 6.3), but who sends one is confused or up to something.
        if (ContentLength >= 0)
        {
            throw Broken("it has more than one Content-Length");
        }

        if (value.IsEmpty
            || value.Length > 18
            || value.ContainsAnyExceptInRange((byte)'0', (byte)'9')
            || !Utf8Parser.TryParse(value, out long length, out _))
        {
            throw Broken("its Content-Length is no number");
        }

        ContentLength = length;
    }

    private void ParseConnection(ReadOnlySpan<byte> value)
    {
        foreach (var range in value.Split((byte)','))
        {
            var token = value[range].Trim(" \t"u8);
            if (Ascii.EqualsIgnoreCase(token, "close"u8))
            {
                ConnectionClose = true;
            }
            else if (Ascii.EqualsIgnoreCase(token, "keep-alive"u8))
            {
                ConnectionKeepAlive = true;
            }
            else if (Ascii.EqualsIgnoreCase(token, "upgrade"u8))
            {
                ConnectionUpgrade = true;
            }
            else if (!token.IsEmpty)
            {
                ConnectionNamesFields = true;
            }
        }
    }

    private void CheckFraming()
    {
        if (!IsChunked)
        {
            return;
        }

        if (ContentLength >= 0)
        {
            throw Broken("it has both Content-Length and Transfer-Encoding");
        }

        if (MinorVersion == 0)
        {
            throw Broken("it is HTTP/1.0 with Transfer-Encoding");
        }
    }
}
