using System.Globalization;
using AgentGateway.Proxy.Policies;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Requests;

/// <summary>Writes replies of the gateway itself, in the form the client's protocol asks for (error table of the specification, 1.13).</summary>
internal static class ReplyWriter
{
    public static async ValueTask WriteAsync(RequestContext context, GatewayReply reply)
    {
        var response = context.Http.Response;
        if (response.HasStarted)
        {
            // Status and headers are gone; only cutting the connection tells the client that the body is not whole.
            Note(context, reply);
            context.Http.Abort();
            return;
        }

        var body = WriteHead(context, reply);

        // Policies whose turn came act on replies of the gateway as on those of an upstream.
        context.SetResponseBody(body, isWhole: true);
        if (await context.RunResponsePoliciesAsync() is { } other)
        {
            body = WriteHead(context, other);
        }

        context.MergeOwedHeaders();

        if (response.StatusCode == StatusCodes.Status205ResetContent)
        {
            // No content (RFC 9110, 15.3.6), and the length says so.
            body = default;
        }

        if (ResponseFields.IsWithoutBody(response.StatusCode))
        {
            response.ContentLength = null;
        }
        else if (response.StatusCode >= 200)
        {
            // To HEAD the upstream gave no body to transform, so what came of it says nothing about the length for a GET.
            response.ContentLength = reply.KeepsHead && context.ClientAskedForHead ? null : body.Length;
        }

        if (!context.IsRequestBodyBuffered)
        {
            CloseIfBodyWasNotAskedFor(context.Http);
        }

        if (!body.IsEmpty && response.ContentLength is not null && !context.ClientAskedForHead)
        {
            context.Record.ResponseBytes += body.Length;
            await response.BodyWriter.WriteAsync(body, context.Http.RequestAborted);
        }
    }

    /// <summary>
    /// Ends the connection with a final answer to <c>Expect: 100-continue</c> for which the body was not read: whether the client still sends it cannot
    /// be known, and its next request could be taken for the body (RFC 9110, 10.1.1).
    /// </summary>
    public static void CloseIfBodyWasNotAskedFor(HttpContext http)
    {
        if (http.Request.Headers.Expect.Count > 0 && http.Request.Protocol == "HTTP/1.1")
        {
            http.Response.Headers.Connection = "close";
        }
    }

    private static ReadOnlyMemory<byte> WriteHead(RequestContext context, GatewayReply reply)
    {
        Note(context, reply);
        var response = context.Http.Response;
        if (reply.KeepsHead)
        {
            // What described the old body does not describe the new one.
            response.Headers.ContentEncoding = default;
            response.Headers.TransferEncoding = default;
            return reply.Body;
        }

        response.Clear();
        foreach (var (name, value) in reply.Headers)
        {
            ResponseFields.Append(response.Headers, name, value);
        }

        if (reply.Error is { } error && IsGrpc(context.Http.Request))
        {
            response.StatusCode = StatusCodes.Status200OK;
            response.ContentType = GrpcTypeFor(context.Http.Request.ContentType!);
            var status = reply.GrpcStatus ?? GrpcStatusOf(reply.Status);
            context.Record.GrpcStatus = status;
            response.Headers["grpc-status"] = status.ToString(CultureInfo.InvariantCulture);
            response.Headers["grpc-message"] = Uri.EscapeDataString(error);
            return default;
        }

        response.StatusCode = reply.Status;
        if (reply.ContentType is { } type && !reply.Body.IsEmpty && response.ContentType is null && ExpressionText.IsHeaderSafe(type))
        {
            response.ContentType = type;
        }

        return reply.Body;
    }

    private static void Note(RequestContext context, GatewayReply reply)
    {
        context.Record.Reason = reply.Reason;
        context.Record.Error = reply.Error;
    }

    private static bool IsGrpc(HttpRequest request) =>
        request.ContentType is { } type && type.StartsWith("application/grpc", StringComparison.OrdinalIgnoreCase);

    // Clients of gRPC-Web accept their own type only; those of gRPC accept the plain one whatever the codec.
    private static string GrpcTypeFor(string requested)
    {
        var end = requested.IndexOf(';', StringComparison.Ordinal);
        return requested.StartsWith("application/grpc-web", StringComparison.OrdinalIgnoreCase) ? (end < 0 ? requested : requested[..end]).Trim() : "application/grpc";
    }

    // The mapping of HTTP status to gRPC status of the gRPC specification (http-grpc-status-mapping.md), with 429 as RESOURCE_EXHAUSTED
    // and the gateway's "no valid backends" (500) as UNAVAILABLE by its caller.
    private static int GrpcStatusOf(int status) => status switch
    {
        400 => 13,
        401 => 16,
        403 => 7,
        404 => 12,
        429 => 8,
        502 or 503 => 14,
        504 => 4,
        _ => 2,
    };
}
