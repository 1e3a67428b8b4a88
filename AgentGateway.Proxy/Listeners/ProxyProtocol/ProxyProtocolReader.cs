using AgentGateway.Configuration.Snapshot.Frontend;
using Microsoft.AspNetCore.Connections;

namespace AgentGateway.Proxy.Listeners.ProxyProtocol;

/// <summary>Takes the PROXY header off a connection and puts the address of the real client in the place of the balancer's.</summary>
internal static class ProxyProtocolReader
{
    /// <summary>False when the connection must be closed: the header is missing (unless optional), broken, or of a version that is not accepted.</summary>
    public static async ValueTask<bool> ReadAsync(ConnectionContext connection, ProxyProtocolSnapshot settings, CancellationToken cancellationToken)
    {
        var accepted = (settings.Version1 ? ProxyProtocolVersions.V1 : 0) | (settings.Version2 ? ProxyProtocolVersions.V2 : 0);
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            switch (ProxyProtocolHeader.TryRead(read.Buffer, accepted, out var header, out var length))
            {
                case ProxyProtocolHeader.Result.Found:
                    input.AdvanceTo(read.Buffer.GetPosition(length));
                    connection.RemoteEndPoint = header.Source ?? connection.RemoteEndPoint;
                    connection.LocalEndPoint = header.Destination ?? connection.LocalEndPoint;
                    return true;

                case ProxyProtocolHeader.Result.Absent when !read.Buffer.IsEmpty:
                    input.AdvanceTo(read.Buffer.Start);
                    return settings.Optional;

                case ProxyProtocolHeader.Result.Invalid:
                    input.AdvanceTo(read.Buffer.Start);
                    return false;

                default:
                    var ended = read.IsCompleted;
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (ended)
                    {
                        return false;
                    }

                    break;
            }
        }
    }
}
