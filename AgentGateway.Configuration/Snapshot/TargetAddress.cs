namespace AgentGateway.Configuration.Snapshot;

/// <summary>
/// Address of an upstream: <c>host:port</c>, <c>ip:port</c>, <c>[v6]:port</c> or <c>unix:/path</c>.
/// </summary>
/// <param name="Host">DNS name or IP address without brackets; empty for a Unix socket.</param>
/// <param name="Port">TCP port; 0 for a Unix socket.</param>
/// <param name="UnixPath">Path of the Unix socket, or null for TCP.</param>
public sealed record TargetAddress(string Host, int Port, string? UnixPath = null)
{
    /// <summary>The address as it is written in configuration and shown as <c>endpoint</c>.</summary>
    public override string ToString() =>
        UnixPath is not null ? $"unix:{UnixPath}" : Host.Contains(':') ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
