using System.Net;
using System.Net.Http.Headers;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>Body of an export: a head that is made for it and the encoded items as they lie in their batch; nothing is copied.</summary>
internal sealed class OtlpContent : HttpContent
{
    private readonly ReadOnlyMemory<byte> _head;
    private readonly ReadOnlyMemory<byte> _body;

    public OtlpContent(ReadOnlyMemory<byte> head, ReadOnlyMemory<byte> body, string mediaType)
    {
        _head = head;
        _body = body;
        Headers.ContentType = new MediaTypeHeaderValue(mediaType);
    }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) =>
        SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        await stream.WriteAsync(_head, cancellationToken);
        await stream.WriteAsync(_body, cancellationToken);
    }

    protected override bool TryComputeLength(out long length)
    {
        length = _head.Length + _body.Length;
        return true;
    }
}
