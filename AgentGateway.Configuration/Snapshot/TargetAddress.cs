using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>
/// Address of an upstream: <c>host:port</c>, <c>ip:port</c>, <c>[v6]:port</c> or <c>unix:/path</c>.
/// </summary>
/// <param name="Host">DNS name or IP address without brackets; empty for a Unix socket.</param>
/// <param name="Port">TCP port; 0 for a Unix socket.</param>
/// <param name="UnixPath">Path of the Unix socket, or null for TCP.</param>
public sealed record TargetAddress(string Host, int Port, string? UnixPath = null)
{
    /// <summary>Reads an address; false when the port is missing or the host is no name and no IP address.</summary>
    public static bool TryParse(string text, [NotNullWhen(true)] out TargetAddress? address)
    {
        address = null;
        if (text.StartsWith("unix:", StringComparison.Ordinal))
        {
            var path = text[5..];
            if (path.Length < 2 || path.Length > 107 || !path.StartsWith('/') || path.Contains('\0', StringComparison.Ordinal))
            {
                return false;
            }

            address = new TargetAddress("", 0, path);
            return true;
        }

        string host;
        var colon = text.StartsWith('[') ? text.IndexOf("]:", StringComparison.Ordinal) + 1 : text.IndexOf(':', StringComparison.Ordinal);
        if (colon <= 0 || !int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) || port is < 1 or > 65535)
        {
            return false;
        }

        host = text[..colon];
        if (host.StartsWith('['))
        {
            host = host[1..^1];
            if (!IPAddress.TryParse(host, out var v6) || v6.AddressFamily != AddressFamily.InterNetworkV6)
            {
                return false;
            }
        }
        else if (!IsHost(host))
        {
            return false;
        }

        address = new TargetAddress(host, port);
        return true;
    }

    /// <summary>True when the text is a DNS name or an IPv4 address.</summary>
    internal static bool IsHost(string host) =>
        host.Length is > 0 and <= 253
        && !host.AsSpan().ContainsAnyExcept(CharacterSets.Hostname)
        && !host.StartsWith('.') && !host.StartsWith('-') && !host.Contains("..", StringComparison.Ordinal);

    /// <summary>The address as it is written in configuration and shown as <c>endpoint</c>.</summary>
    public override string ToString() =>
        UnixPath is not null ? $"unix:{UnixPath}" : Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
