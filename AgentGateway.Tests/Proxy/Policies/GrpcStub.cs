using System.Buffers.Binary;
using Google.Protobuf;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>One unary gRPC method by hand: enough of the protocol for a service on loopback.</summary>
internal sealed class GrpcStub<TRequest, TResponse>(Func<TRequest, TResponse> answer)
    where TRequest : IMessage<TRequest>, new()
    where TResponse : IMessage<TResponse>
{
    private readonly List<TRequest> _seen = [];

    /// <summary>Requests in order.</summary>
    public IReadOnlyList<TRequest> Seen => _seen;

    /// <summary>Path that was called last.</summary>
    public string? Path { get; private set; }

    /// <summary>Value of the <c>traceparent</c> that arrived last.</summary>
    public string? Traceparent { get; private set; }

    /// <summary>Status to answer with instead of a message; 0 answers.</summary>
    public int Status { get; set; }

    public async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        var request = new TRequest();
        request.MergeFrom(body.ToArray().AsSpan(5).ToArray());
        _seen.Add(request);
        Path = context.Request.Path;
        Traceparent = context.Request.Headers["traceparent"];
        context.Response.ContentType = "application/grpc";
        if (Status == 0)
        {
            var message = answer(request).ToByteArray();
            var frame = new byte[5 + message.Length];
            BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(1), message.Length);
            message.CopyTo(frame, 5);
            await context.Response.Body.WriteAsync(frame);
        }

        context.Response.AppendTrailer("grpc-status", Status.ToString(System.Globalization.CultureInfo.InvariantCulture));
    }
}
