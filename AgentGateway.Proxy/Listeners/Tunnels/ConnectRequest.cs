using System.Buffers;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Listeners.Tunnels;

/// <summary>
/// The head of a CONNECT request (RFC 9110, section 9.3.6), read before any HTTP server sees the connection, because what follows it is no HTTP
/// of this server any more.
/// </summary>
/// <param name="Host">Host of the authority, without brackets.</param>
/// <param name="Port">Port of the authority; 0 when it has none, which is an error.</param>
/// <param name="Headers">Header fields, for expressions (<c>source.connectHeaders</c>).</param>
internal sealed record ConnectRequest(string Host, int Port, IHeaderDictionary Headers)
{
    private const int LargestHead = 16 * 1024;
    private const int MostHeaders = 100;

    /// <summary>Outcome of looking at the start of a connection.</summary>
    public enum Result
    {
        /// <summary>The bytes so far may become a CONNECT request.</summary>
        NeedMore,

        /// <summary>Another method, or no HTTP/1.1.</summary>
        Other,

        /// <summary>A CONNECT request that breaks the rules.</summary>
        Invalid,

        /// <summary>The head was read.</summary>
        Found,
    }

    /// <summary>The authority as a request target.</summary>
    public string Authority
    {
        get
        {
            var host = Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host;
            return Port == 0 ? host : string.Create(CultureInfo.InvariantCulture, $"{host}:{Port}");
        }
    }

    private static ReadOnlySpan<byte> Method => "CONNECT "u8;

    /// <summary>Reads a head at the start of <paramref name="input"/>; <paramref name="length"/> is what it takes up.</summary>
    public static Result TryRead(ReadOnlySequence<byte> input, out ConnectRequest? request, out int length)
    {
        request = null;
        length = 0;
        var bytes = input.Slice(0, Math.Min(input.Length, LargestHead)).ToArray().AsSpan();
        var common = Math.Min(bytes.Length, Method.Length);
        if (!bytes[..common].SequenceEqual(Method[..common]))
        {
            return Result.Other;
        }

        var end = bytes.IndexOf("\r\n\r\n"u8);
        if (end < 0)
        {
            return bytes.Length >= LargestHead ? Result.Invalid : Result.NeedMore;
        }

        length = end + 4;
        var lines = Encoding.Latin1.GetString(bytes[..end]).Split("\r\n");
        var parts = lines[0].Split(' ');
        if (parts.Length != 3 || parts[2] is not ("HTTP/1.1" or "HTTP/1.0") || lines.Length - 1 > MostHeaders || !TryAuthority(parts[1], out var host, out var port))
        {
            return Result.Invalid;
        }

        var headers = new HeaderDictionary();
        foreach (var line in lines.AsSpan(1))
        {
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon <= 0 || line.AsSpan().ContainsAny('\r', '\n', '\0') || line.AsSpan(0, colon).ContainsAny(' ', '\t'))
            {
                return Result.Invalid;
            }

            headers.Append(line[..colon], line[(colon + 1)..].Trim(' ', '\t'));
        }

        request = new ConnectRequest(host, port, headers);
        return Result.Found;
    }

    private static bool TryAuthority(string text, out string host, out int port)
    {
        port = 0;
        var colon = text.LastIndexOf(':');
        var closing = text.IndexOf(']', StringComparison.Ordinal);
        var hasPort = colon > closing && colon > 0;
        host = (hasPort ? text[..colon] : text).TrimStart('[').TrimEnd(']');
        return host.Length > 0
            && !host.AsSpan().ContainsAny("/@?#")
            && (!hasPort || (int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) && port is > 0 and <= 65535));
    }
}
