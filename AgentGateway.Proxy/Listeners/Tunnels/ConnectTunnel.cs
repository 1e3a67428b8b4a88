using System.Globalization;
using System.Text;
using AgentGateway.Proxy.Listeners.Connections;
using AgentGateway.Proxy.Requests;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace AgentGateway.Proxy.Listeners.Tunnels;

/// <summary>What became of the start of a connection on a port that answers CONNECT.</summary>
internal enum TunnelOutcome
{
    /// <summary>No CONNECT: the connection goes the ordinary way.</summary>
    NotConnect,

    /// <summary>The tunnel is open; the connection is now that of the bind that was asked for.</summary>
    Opened,

    /// <summary>The client was answered with an error.</summary>
    Refused,
}

/// <summary>Opens CONNECT tunnels into the gateway itself: the stream re-enters the bind that has the port of the request's authority.</summary>
internal static class ConnectTunnel
{
    /// <summary>A tunnel inside a tunnel is legitimate (a proxy chain); an endless nest is not.</summary>
    private const int DeepestNesting = 4;

    /// <summary>Answers a CONNECT request at the start of the connection.</summary>
    /// <param name="connection">The client.</param>
    /// <param name="only">True on a port whose <c>tunnelProtocol</c> is <c>connect</c>: every other method is answered with 405.</param>
    /// <param name="ports">Where tunnels may lead.</param>
    /// <param name="rejected">Records what is refused.</param>
    /// <param name="cancellationToken">Ends the wait for the head.</param>
    public static async ValueTask<(TunnelOutcome Outcome, ConnectionDispatcher? Target)> TryOpenAsync(
        ConnectionContext connection, bool only, PortDirectory ports, RejectedRequests rejected, CancellationToken cancellationToken)
    {
        var input = connection.Transport.Input;
        while (true)
        {
            var read = await input.ReadAsync(cancellationToken);
            switch (ConnectRequest.TryRead(read.Buffer, out var request, out var length))
            {
                case ConnectRequest.Result.Found:
                    input.AdvanceTo(read.Buffer.GetPosition(length));
                    return await AnswerAsync(connection, request!, ports, rejected, cancellationToken);

                case ConnectRequest.Result.Other when !read.Buffer.IsEmpty && !only:
                    input.AdvanceTo(read.Buffer.Start);
                    return (TunnelOutcome.NotConnect, null);

                case ConnectRequest.Result.Other when !read.Buffer.IsEmpty:
                    input.AdvanceTo(read.Buffer.End);
                    await RefuseAsync(connection, "", "", GatewayReply.MethodNotAllowed, rejected, cancellationToken);
                    return (TunnelOutcome.Refused, null);

                case ConnectRequest.Result.Invalid:
                    input.AdvanceTo(read.Buffer.End);
                    await RefuseAsync(connection, HttpMethods.Connect, "", GatewayReply.InvalidRequest, rejected, cancellationToken);
                    return (TunnelOutcome.Refused, null);

                default:
                    var ended = read.IsCompleted;
                    input.AdvanceTo(read.Buffer.Start, read.Buffer.End);
                    if (ended)
                    {
                        return (TunnelOutcome.Refused, null);
                    }

                    break;
            }
        }
    }

    private static async ValueTask<(TunnelOutcome Outcome, ConnectionDispatcher? Target)> AnswerAsync(
        ConnectionContext connection, ConnectRequest request, PortDirectory ports, RejectedRequests rejected, CancellationToken cancellationToken)
    {
        var facts = connection.Features.Get<ConnectionFacts>()!;
        if (request.Port == 0 || facts.TunnelDepth == DeepestNesting)
        {
            await RefuseAsync(connection, HttpMethods.Connect, request.Authority, GatewayReply.InvalidRequest, rejected, cancellationToken);
            return (TunnelOutcome.Refused, null);
        }

        if (ports.Find(request.Port) is not { } target)
        {
            await RefuseAsync(connection, HttpMethods.Connect, request.Authority, GatewayReply.BindNotFound, rejected, cancellationToken);
            return (TunnelOutcome.Refused, null);
        }

        facts.TunnelDepth++;
        facts.ConnectHeaders = request.Headers;
        facts.TunnelHost = request.Host;
        facts.TunnelPort = request.Port;
        await connection.Transport.Output.WriteAsync("HTTP/1.1 200 OK\r\n\r\n"u8.ToArray(), cancellationToken);
        return (TunnelOutcome.Opened, target);
    }

    private static async ValueTask RefuseAsync(
        ConnectionContext connection, string method, string target, GatewayReply reply, RejectedRequests rejected, CancellationToken cancellationToken)
    {
        // First, so that it stands whatever becomes of the answer.
        rejected.Record(connection, method, target, reply);
        var text = string.Create(
            CultureInfo.InvariantCulture,
            $"HTTP/1.1 {reply.Status} {ReasonPhrases.GetReasonPhrase(reply.Status)}\r\nContent-Type: text/plain\r\nContent-Length: {reply.Body.Length}\r\nConnection: close\r\n");
        if (reply == GatewayReply.MethodNotAllowed)
        {
            text += "Allow: CONNECT\r\n";
        }

        await connection.Transport.Output.WriteAsync(Encoding.ASCII.GetBytes($"{text}\r\n{reply.Error}"), cancellationToken);
        await connection.Transport.Output.CompleteAsync();
    }
}
