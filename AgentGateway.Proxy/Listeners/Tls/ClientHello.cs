using System.Buffers;
using System.Buffers.Binary;
using System.Text;

namespace AgentGateway.Proxy.Listeners.Tls;

/// <summary>The part of a TLS ClientHello that chooses a listener: the server name (RFC 6066, section 3).</summary>
/// <param name="ServerName">Host name in lower case, or null when the client sent none.</param>
internal readonly record struct ClientHello(string? ServerName)
{
    /// <summary>Largest ClientHello that is looked at, in bytes. Post-quantum key shares need about 2 KiB.</summary>
    public const int LargestSize = 16 * 1024;

    private const byte HandshakeRecord = 22;
    private const byte ClientHelloMessage = 1;
    private const ushort ServerNameExtension = 0;
    private const int RecordHeaderSize = 5;
    private const int HandshakeHeaderSize = 4;

    /// <summary>Outcome of looking at the first bytes of a connection.</summary>
    public enum Result
    {
        /// <summary>The message is not complete yet.</summary>
        NeedMore,

        /// <summary>The bytes are no ClientHello.</summary>
        Invalid,

        /// <summary>The message was read.</summary>
        Found,
    }

    /// <summary>Reads a ClientHello, which may be spread over several TLS records, without consuming it.</summary>
    public static Result TryRead(ReadOnlySequence<byte> input, out ClientHello hello)
    {
        hello = default;
        var length = (int)Math.Min(input.Length, LargestSize);
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            input.Slice(0, length).CopyTo(rented);
            return TryRead(rented.AsSpan(0, length), out hello);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static Result TryRead(Span<byte> input, out ClientHello hello)
    {
        hello = default;

        // Join the fragments of the handshake message in place: each record's payload moves down over the record headers.
        var joined = 0;
        var position = 0;
        var needed = HandshakeHeaderSize;
        while (joined < needed)
        {
            if (input.Length - position < RecordHeaderSize)
            {
                return Short(input);
            }

            var size = BinaryPrimitives.ReadUInt16BigEndian(input[(position + 3)..]);
            if (input[position] != HandshakeRecord || input[position + 1] != 3 || size == 0 || size > LargestSize)
            {
                return Result.Invalid;
            }

            position += RecordHeaderSize;
            var available = Math.Min(size, input.Length - position);
            input.Slice(position, available).CopyTo(input[joined..]);
            joined += available;
            position += available;
            if (joined >= HandshakeHeaderSize && needed == HandshakeHeaderSize)
            {
                if (input[0] != ClientHelloMessage)
                {
                    return Result.Invalid;
                }

                needed = HandshakeHeaderSize + (input[1] << 16 | input[2] << 8 | input[3]);
                if (needed > LargestSize)
                {
                    return Result.Invalid;
                }
            }

            if (available < size && joined < needed)
            {
                return Short(input);
            }
        }

        return TryReadBody(input[HandshakeHeaderSize..needed], out hello) ? Result.Found : Result.Invalid;
    }

    private static Result Short(ReadOnlySpan<byte> input) => input.Length >= LargestSize ? Result.Invalid : Result.NeedMore;

    private static bool TryReadBody(ReadOnlySpan<byte> body, out ClientHello hello)
    {
        hello = default;

        // legacy_version, random; then session_id, cipher_suites, compression_methods, extensions, each with its length before it.
        if (!TrySkip(ref body, 2 + 32)
            || !TryTake(ref body, 1, out _)
            || !TryTake(ref body, 2, out _)
            || !TryTake(ref body, 1, out _))
        {
            return false;
        }

        if (body.IsEmpty)
        {
            return true;
        }

        if (!TryTake(ref body, 2, out var extensions))
        {
            return false;
        }

        while (!extensions.IsEmpty)
        {
            if (extensions.Length < 4)
            {
                return false;
            }

            var type = BinaryPrimitives.ReadUInt16BigEndian(extensions);
            extensions = extensions[2..];
            if (!TryTake(ref extensions, 2, out var data))
            {
                return false;
            }

            if (type == ServerNameExtension)
            {
                if (!TryTake(ref data, 2, out var names) || names.Length < 3 || names[0] != 0)
                {
                    return false;
                }

                names = names[1..];
                if (!TryTake(ref names, 2, out var name) || !IsHostName(name))
                {
                    return false;
                }

                hello = new ClientHello(Encoding.ASCII.GetString(name).ToLowerInvariant());
            }
        }

        return true;
    }

    private static bool IsHostName(ReadOnlySpan<byte> name) =>
        name.Length is > 0 and <= 253 && !name.ContainsAnyExceptInRange((byte)0x21, (byte)0x7e);

    private static bool TrySkip(ref ReadOnlySpan<byte> data, int count)
    {
        if (data.Length < count)
        {
            return false;
        }

        data = data[count..];
        return true;
    }

    /// <summary>Takes a vector that has its length before it, in one or two bytes.</summary>
    private static bool TryTake(ref ReadOnlySpan<byte> data, int lengthSize, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (data.Length < lengthSize)
        {
            return false;
        }

        var length = lengthSize == 1 ? data[0] : BinaryPrimitives.ReadUInt16BigEndian(data);
        if (data.Length < lengthSize + length)
        {
            return false;
        }

        value = data.Slice(lengthSize, length);
        data = data[(lengthSize + length)..];
        return true;
    }
}
