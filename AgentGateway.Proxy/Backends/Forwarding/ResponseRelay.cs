using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Backends.Forwarding;

/// <summary>Passes an accepted response on to the client and closes it.</summary>
internal static class ResponseRelay
{
    public static async ValueTask<GatewayReply?> DeliverAsync(RequestContext context, UpstreamRequest request, UpstreamResponse upstream)
    {
        try
        {
            var http = context.Http;
            var response = http.Response;
            response.StatusCode = upstream.StatusCode;
            upstream.CopyHeadersTo(response.Headers);
            if (context.Record.IsGrpc)
            {
                context.Record.NoteGrpcStatus(response.Headers);
            }

            if (upstream.StatusCode == StatusCodes.Status101SwitchingProtocols && !Offered(request, response.Headers.Upgrade))
            {
                return GatewayReply.UpgradeFailed("the upstream switched to a protocol that was not asked for");
            }

            context.Record.Reason = ResponseReason.Upstream;
            if (await context.ResponseHeadReadyAsync() is { } reply)
            {
                return reply;
            }

            if (upstream.StatusCode == StatusCodes.Status101SwitchingProtocols)
            {
                await RelayUpgradeAsync(context, upstream);
                return null;
            }

            if (request.ExpectContinue && !request.BodyStarted)
            {
                ReplyWriter.CloseIfBodyWasNotAskedFor(http);
            }

            if (response.StatusCode != upstream.StatusCode && !context.IsCapturingResponse)
            {
                if (ResponseFields.IsWithoutBody(response.StatusCode))
                {
                    // A policy gave the response a status that has no body.
                    response.ContentLength = null;
                    return null;
                }

                if (ResponseFields.IsWithoutBody(upstream.StatusCode) && !context.ClientAskedForHead)
                {
                    // The other way round: the length was that of a body which the upstream did not send.
                    response.ContentLength = 0;
                }
            }

            if (HttpMethods.IsHead(request.Method) && !context.ClientAskedForHead && !context.IsCapturingResponse && !ResponseFields.IsWithoutBody(response.StatusCode))
            {
                // A policy asked for the head only; the length is that of a body which does not come.
                response.ContentLength = 0;
            }

            return await CopyBodyAsync(context, request, upstream);
        }
        finally
        {
            await upstream.DisposeAsync();
        }
    }

    // RFC 9110, 7.8: a server may only switch to a protocol of the client's list.
    private static bool Offered(UpstreamRequest request, StringValues agreed)
    {
        foreach (var protocol in (request.Upgrade ?? "").Split(',', StringSplitOptions.TrimEntries))
        {
            if (protocol.Length > 0 && agreed.Count == 1 && protocol.Equals(agreed[0], StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private static async ValueTask<GatewayReply?> CopyBodyAsync(RequestContext context, UpstreamRequest request, UpstreamResponse upstream)
    {
        var http = context.Http;
        var trailers = http.Features.Get<IHttpResponseTrailersFeature>();
        var framing = trailers is null ? FrameForTrailers(context, http, request, upstream) : null;
        try
        {
            await upstream.CopyBodyAsync(framing ?? http.Response.BodyWriter, context.Aborted);
            if (context.Record.IsGrpc && upstream.Trailers is { } status)
            {
                context.Record.NoteGrpcStatus(status);
            }

            if (framing is not null)
            {
                await framing.EndAsync(upstream.Trailers);
            }
            else if (trailers is not null && upstream.Trailers is { } received)
            {
                foreach (var (name, values) in received)
                {
                    trailers.Trailers[name] = values;
                }
            }
        }
        catch (OperationCanceledException) when (context.IsResponseReplaced)
        {
            // The client has its answer; the rest of the upstream's is dropped with its connection.
        }
        catch (OperationCanceledException)
        {
            Cut(context, ResponseReason.Upstream, RequestContext.ClientGone);
        }
        catch (UpstreamException e) when (!http.Response.HasStarted)
        {
            // Nothing of the response has left yet, so the client can still be told.
            context.ReplaceResponse();
            return GatewayReply.UpstreamCallFailed(e.Message);
        }
        catch (UpstreamException e)
        {
            Cut(context, ResponseReason.UpstreamFailure, "upstream call failed: " + e.Message);
        }

        context.Record.ResponseBytes += upstream.BodyBytes;
        return null;
    }

    // Kestrel writes no trailers over HTTP/1.1. A client that asked for them gets the chunks, and the trailers behind them, from here.
    private static ChunkedResponseWriter? FrameForTrailers(RequestContext context, HttpContext http, UpstreamRequest request, UpstreamResponse upstream)
    {
        if (!request.AcceptsTrailers || !upstream.MayHaveTrailers || context.IsCapturingResponse || http.Request.Protocol != "HTTP/1.1")
        {
            return null;
        }

        http.Response.Headers.TransferEncoding = "chunked";
        return new ChunkedResponseWriter(context.Recorder?.Server ?? http.Response.BodyWriter, context.Recorder);
    }

    private static async ValueTask RelayUpgradeAsync(RequestContext context, UpstreamResponse upstream)
    {
        var http = context.Http;
        Stream client;
        if (http.Features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.Headers.Remove("Sec-WebSocket-Accept");
            http.Response.Headers.Remove("Upgrade");
            client = await connect.AcceptAsync();
        }
        else
        {
            client = await http.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        }

        await using (client)
        {
            var server = await upstream.OpenUpgradedStreamAsync();
            context.Record.ResponseBytes += await DuplexRelay.RunAsync(client, server, context.Services.Time, context.Aborted);
        }
    }

    // Status and headers are gone: only cutting the connection (or resetting the stream) tells that the body is not whole.
    private static void Cut(RequestContext context, ResponseReason reason, string message)
    {
        context.Record.Reason = reason;
        context.Record.Error = message;
        context.Http.Abort();
    }
}
