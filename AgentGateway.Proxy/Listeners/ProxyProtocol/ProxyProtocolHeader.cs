using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Text;

namespace AgentGateway.Proxy.Listeners.ProxyProtocol;

/// <summary>Versions of the PROXY protocol that a port accepts (configuration key <c>proxyProtocol.version</c>).</summary>
[Flags]
internal enum ProxyProtocolVersions
{
    V1 = 1,
    V2 = 2,
    All = V1 | V2,
}

/// <summary>
/// The header that a load balancer puts before the bytes of a connection (HAProxy's PROXY protocol, versions 1 and 2).
/// </summary>
/// <param name="Source">Address of the real client; null for LOCAL and UNKNOWN, which keep the address of the connection.</param>
/// <param name="Destination">Address that the real client connected to; null as <paramref name="Source"/>.</param>
internal readonly record struct ProxyProtocolHeader(IPEndPoint? Source, IPEndPoint? Destination)
{
    /// <summary>Longest version 1 header, its line end included (from the protocol's text).</summary>
    private const int LongestV1 = 107;

    /// <summary>Longest version 2 header that is accepted: addresses and the extensions that follow them.</summary>
    private const int LongestV2 = 4096;

    private const int V2PrefixSize = 16;

    /// <summary>Outcome of looking at the first bytes of a connection.</summary>
    public enum Result
    {
        /// <summary>The bytes so far may become a header.</summary>
        NeedMore,

        /// <summary>The bytes are no PROXY header at all.</summary>
        Absent,

        /// <summary>The bytes begin like a header and break its rules, or its version is not accepted.</summary>
        Invalid,

        /// <summary>The header was read.</summary>
        Found,
    }

    private static ReadOnlySpan<byte> V1Signature => "PROXY "u8;

    private static ReadOnlySpan<byte> V2Signature => "\r\n\r\n\0\r\nQUIT\n"u8;

    /// <summary>Reads a header at the start of <paramref name="input"/>; <paramref name="length"/> is what it takes up.</summary>
    public static Result TryRead(ReadOnlySequence<byte> input, ProxyProtocolVersions accepted, out ProxyProtocolHeader header, out int length)
    {
        header = default;
        length = 0;
        Span<byte> bytes = stackalloc byte[V2PrefixSize + 216];
        var available = (int)Math.Min(input.Length, bytes.Length);
        bytes = bytes[..available];
        input.Slice(0, available).CopyTo(bytes);

        if (StartsLike(bytes, V2Signature))
        {
            return bytes.Length < V2Signature.Length ? Result.NeedMore
                : accepted.HasFlag(ProxyProtocolVersions.V2) ? TryReadV2(bytes, input.Length, out header, out length)
                : Result.Invalid;
        }

        if (StartsLike(bytes, V1Signature))
        {
            return bytes.Length < V1Signature.Length ? Result.NeedMore
                : accepted.HasFlag(ProxyProtocolVersions.V1) ? TryReadV1(bytes, out header, out length)
                : Result.Invalid;
        }

        return Result.Absent;
    }

    private static bool StartsLike(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> signature)
    {
        var common = Math.Min(bytes.Length, signature.Length);
        return common > 0 && bytes[..common].SequenceEqual(signature[..common]);
    }

    private static Result TryReadV1(ReadOnlySpan<byte> bytes, out ProxyProtocolHeader header, out int length)
    {
        header = default;
        length = 0;
        var line = bytes[..Math.Min(bytes.Length, LongestV1)];
        var end = line.IndexOf("\r\n"u8);
        if (end < 0)
        {
            return bytes.Length >= LongestV1 ? Result.Invalid : Result.NeedMore;
        }

        length = end + 2;
        var fields = Encoding.ASCII.GetString(line[V1Signature.Length..end]).Split(' ');
        if (fields[0] == "UNKNOWN")
        {
            return Result.Found;
        }

        if (fields.Length != 5 || fields[0] is not ("TCP4" or "TCP6"))
        {
            return Result.Invalid;
        }

        var family = fields[0] == "TCP4" ? System.Net.Sockets.AddressFamily.InterNetwork : System.Net.Sockets.AddressFamily.InterNetworkV6;
        if (!TryAddress(fields[1], family, out var source)
            || !TryAddress(fields[2], family, out var destination)
            || !TryPort(fields[3], out var sourcePort)
            || !TryPort(fields[4], out var destinationPort))
        {
            return Result.Invalid;
        }

        header = new ProxyProtocolHeader(new IPEndPoint(source, sourcePort), new IPEndPoint(destination, destinationPort));
        return Result.Found;
    }

    // The protocol forbids leading zeros, which some read as octal numbers: the balancer and this gateway would mean different clients.
    private static bool TryAddress(string text, System.Net.Sockets.AddressFamily family, out IPAddress address)
    {
        if (family == System.Net.Sockets.AddressFamily.InterNetworkV6)
        {
            return IPAddress.TryParse(text, out address!) && address.AddressFamily == family && !text.AsSpan().ContainsAny('[', ']', '%');
        }

        return IPAddress.TryParse(text, out address!) && address.AddressFamily == family && address.ToString() == text;
    }

    private static bool TryPort(string text, out int port) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out port) && port <= 65535 && (text.Length == 1 || text[0] != '0');

    private static Result TryReadV2(ReadOnlySpan<byte> bytes, long received, out ProxyProtocolHeader header, out int length)
    {
        header = default;
        length = 0;
        if (bytes.Length < V2PrefixSize)
        {
            return Result.NeedMore;
        }

        var version = bytes[12] >> 4;
        var command = bytes[12] & 0xf;
        var family = bytes[13];
        var size = BinaryPrimitives.ReadUInt16BigEndian(bytes[14..]);
        if (version != 2 || command > 1 || V2PrefixSize + size > LongestV2)
        {
            return Result.Invalid;
        }

        var addressSize = (family >> 4) switch
        {
            1 => 4,
            2 => 16,
            _ => 0,
        };
        if (command == 1 && addressSize > 0 && size < (2 * addressSize) + 4)
        {
            return Result.Invalid;
        }

        if (received < V2PrefixSize + size)
        {
            return Result.NeedMore;
        }

        length = V2PrefixSize + size;

        // LOCAL (health checks of the balancer), and families without IP addresses, keep the connection's own address.
        if (command == 1 && addressSize > 0)
        {
            var addresses = bytes[V2PrefixSize..];
            header = new ProxyProtocolHeader(
                new IPEndPoint(new IPAddress(addresses[..addressSize]), BinaryPrimitives.ReadUInt16BigEndian(addresses[(2 * addressSize)..])),
                new IPEndPoint(new IPAddress(addresses.Slice(addressSize, addressSize)), BinaryPrimitives.ReadUInt16BigEndian(addresses[((2 * addressSize) + 2)..])));
        }

        return Result.Found;
    }
}
