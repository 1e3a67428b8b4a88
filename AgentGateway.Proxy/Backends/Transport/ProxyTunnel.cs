using System.Globalization;
using System.Text;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Asks an HTTP proxy for a tunnel (RFC 9110, 9.3.6).</summary>
internal static class ProxyTunnel
{
    private const int LargestHead = 16 * 1024;

    /// <summary>Sends CONNECT and reads the answer; afterwards the stream is that of the target.</summary>
    /// <exception cref="UpstreamException">The proxy refused, or did not speak HTTP/1.</exception>
    public static async ValueTask OpenAsync(Stream proxy, TargetAddress target, TunnelOptions tunnel, CancellationToken cancellationToken)
    {
        if (target.UnixPath is not null)
        {
            throw new UpstreamException(UpstreamFailure.InvalidRequest, "a Unix socket cannot be reached through a proxy");
        }

        var authority = target.Host.Contains(':') ? $"[{target.Host}]:{target.Port}" : $"{target.Host}:{target.Port}";
        var request = new StringBuilder().Append(CultureInfo.InvariantCulture, $"CONNECT {authority} HTTP/1.1\r\nHost: {authority}\r\n");
        foreach (var (name, value) in tunnel.Headers)
        {
            request.Append(name).Append(": ").Append(value).Append("\r\n");
        }

        try
        {
            await proxy.WriteAsync(Encoding.UTF8.GetBytes(request.Append("\r\n").ToString()), cancellationToken);
            await proxy.FlushAsync(cancellationToken);
            var status = await ReadStatusAsync(proxy, cancellationToken);
            if (status / 100 != 2)
            {
                throw new UpstreamException(UpstreamFailure.Connect, $"the proxy {tunnel.Proxy} refused the tunnel with status {status.ToString(CultureInfo.InvariantCulture)}");
            }
        }
        catch (IOException e)
        {
            throw new UpstreamException(UpstreamFailure.Connect, $"the proxy {tunnel.Proxy} closed the connection", e);
        }
    }

    // Byte by byte: what follows the head belongs to the target, and only the server may speak first.
    private static async ValueTask<int> ReadStatusAsync(Stream proxy, CancellationToken cancellationToken)
    {
        var head = new byte[LargestHead];
        for (var length = 0; length < head.Length; length++)
        {
            if (await proxy.ReadAsync(head.AsMemory(length, 1), cancellationToken) == 0)
            {
                throw new IOException("the connection ended");
            }

            if (head[length] == '\n' && head.AsSpan(0, length + 1).EndsWith("\r\n\r\n"u8))
            {
                return ParseStatus(head.AsSpan(0, length));
            }
        }

        throw new UpstreamException(UpstreamFailure.Connect, "the proxy's answer to CONNECT is too large");
    }

    private static int ParseStatus(ReadOnlySpan<byte> head) =>
        head.Length >= 12 && head.StartsWith("HTTP/1."u8) && head[8] == ' '
            && int.TryParse(head.Slice(9, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var status)
            ? status
            : throw new UpstreamException(UpstreamFailure.Connect, "the proxy does not speak HTTP/1.1");
}
