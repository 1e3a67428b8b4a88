using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Text;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>A growing byte buffer from the shared pool with the few operations that log lines and protobuf messages need.</summary>
internal sealed class ByteBuffer(int capacity = 1024) : IDisposable
{
    private byte[] _bytes = ArrayPool<byte>.Shared.Rent(capacity);

    public int Length { get; private set; }

    public ReadOnlySpan<byte> WrittenSpan => _bytes.AsSpan(0, Length);

    public ReadOnlyMemory<byte> WrittenMemory => _bytes.AsMemory(0, Length);

    /// <summary>Size of the array behind the buffer.</summary>
    public int Capacity => _bytes.Length;

    public void Clear() => Length = 0;

    /// <summary>Drops what was written after <paramref name="length"/>.</summary>
    public void Truncate(int length) => Length = Math.Min(Length, length);

    public void Dispose()
    {
        var bytes = _bytes;
        _bytes = [];
        Length = 0;
        if (bytes.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }

    /// <summary>Room for <paramref name="size"/> more bytes; call <see cref="Advance"/> with what was used.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Reserve(int size)
    {
        if (_bytes.Length - Length < size)
        {
            Grow(size);
        }

        return _bytes.AsSpan(Length);
    }

    public void Advance(int count) => Length += count;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Append(byte value)
    {
        Reserve(1)[0] = value;
        Length++;
    }

    public void Append(ReadOnlySpan<byte> value)
    {
        value.CopyTo(Reserve(value.Length));
        Length += value.Length;
    }

    /// <summary>Appends text as UTF-8; lone surrogates become the replacement character.</summary>
    public void AppendUtf8(ReadOnlySpan<char> text)
    {
        var room = Reserve(text.Length * 3);
        Length += Encoding.UTF8.GetBytes(text, room);
    }

    /// <summary>Appends a number in decimal digits.</summary>
    public void AppendDecimal(long value)
    {
        value.TryFormat(Reserve(20), out var written, default, System.Globalization.CultureInfo.InvariantCulture);
        Length += written;
    }

    // Protobuf wire format: https://protobuf.dev/programming-guides/encoding/

    public void AppendVarint(ulong value)
    {
        var room = Reserve(10);
        var i = 0;
        while (value >= 0x80)
        {
            room[i++] = (byte)(value | 0x80);
            value >>= 7;
        }

        room[i++] = (byte)value;
        Length += i;
    }

    public void AppendVarintField(int field, ulong value)
    {
        AppendVarint((uint)(field << 3));
        AppendVarint(value);
    }

    public void AppendFixed64Field(int field, ulong value)
    {
        AppendVarint((uint)((field << 3) | 1));
        BinaryPrimitives.WriteUInt64LittleEndian(Reserve(8), value);
        Length += 8;
    }

    public void AppendFixed32Field(int field, uint value)
    {
        AppendVarint((uint)((field << 3) | 5));
        BinaryPrimitives.WriteUInt32LittleEndian(Reserve(4), value);
        Length += 4;
    }

    public void AppendBytesField(int field, ReadOnlySpan<byte> value)
    {
        AppendVarint((uint)((field << 3) | 2));
        AppendVarint((uint)value.Length);
        Append(value);
    }

    public void AppendStringField(int field, ReadOnlySpan<char> value)
    {
        var start = BeginMessage(field);
        AppendUtf8(value);
        EndMessage(start);
    }

    /// <summary>Starts a length-delimited field; give the result to <see cref="EndMessage"/>.</summary>
    public int BeginMessage(int field)
    {
        AppendVarint((uint)((field << 3) | 2));
        Append(0);
        return Length;
    }

    /// <summary>
    /// Writes the length of the field begun at <paramref name="start"/>. One byte was kept for it, which is nearly always enough for
    /// attributes; a longer message is moved up, so the encoding stays the shortest one.
    /// </summary>
    public void EndMessage(int start)
    {
        var size = Length - start;
        if (size < 0x80)
        {
            _bytes[start - 1] = (byte)size;
            return;
        }

        var extra = VarintSize((uint)size) - 1;
        Reserve(extra);
        Buffer.BlockCopy(_bytes, start, _bytes, start + extra, size);
        Length = start - 1;
        AppendVarint((uint)size);
        Length += size;
    }

    private static int VarintSize(uint value)
    {
        var size = 1;
        while (value >= 0x80)
        {
            value >>= 7;
            size++;
        }

        return size;
    }

    private void Grow(int size)
    {
        var grown = ArrayPool<byte>.Shared.Rent(Math.Max(_bytes.Length * 2, checked(Length + size)));
        _bytes.AsSpan(0, Length).CopyTo(grown);
        ArrayPool<byte>.Shared.Return(_bytes);
        _bytes = grown;
    }
}
