using System.Net;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Telemetry;

/// <summary>What logs and metrics say of one TCP or TLS connection that was forwarded (telemetry specification, 2.1: the line of a request without HTTP).</summary>
internal sealed class TcpRecord(string bind, ListenerSnapshot listener, EndPoint? peer, string? serverName, DateTimeOffset startTime, long startTimestamp)
{
    public string Bind { get; } = bind;

    public ListenerSnapshot Listener { get; } = listener;

    /// <summary>Peer as <c>ip:port</c>.</summary>
    public string SourceAddress { get; } = peer is IPEndPoint { Address.IsIPv4MappedToIPv6: true } mapped ? new IPEndPoint(mapped.Address.MapToIPv4(), mapped.Port).ToString() : peer?.ToString() ?? "";

    /// <summary>Server name of the TLS handshake, or null.</summary>
    public string? ServerName { get; } = serverName;

    public DateTimeOffset StartTime { get; } = startTime;

    public long StartTimestamp { get; } = startTimestamp;

    public TcpRouteSnapshot? Route { get; set; }

    /// <summary>Runtime key of the backend.</summary>
    public string? Backend { get; set; }

    /// <summary>Address that was connected to.</summary>
    public string? Endpoint { get; set; }

    public ResponseReason Reason { get; set; } = ResponseReason.Upstream;

    public string? Error { get; set; }
}
