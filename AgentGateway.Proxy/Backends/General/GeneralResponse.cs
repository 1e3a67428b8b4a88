using System.Buffers;
using System.IO.Pipelines;
using System.Net.Http.Headers;
using System.Text;
using AgentGateway.Proxy.Backends.Http1;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Backends.General;

/// <summary>A response of the general transport.</summary>
internal sealed class GeneralResponse(UpstreamRequest request, HttpRequestMessage message, HttpResponseMessage response, PipeContent? content) : UpstreamResponse
{
    private readonly bool _hasNoBody = request.Method == "HEAD" || (int)response.StatusCode is 204 or 205 or 304;

    public override int StatusCode => (int)response.StatusCode;

    public override long? ContentLength => response.Content.Headers.ContentLength;

    public override bool MayHaveTrailers => !_hasNoBody && ContentLength is null;

    public override TimeSpan? RetryAfter => response.Headers.RetryAfter?.Delta;

    public override void CopyHeadersTo(IHeaderDictionary headers)
    {
        var connection = response.Headers.Connection;
        foreach (var (name, values) in response.Headers.NonValidated)
        {
            if (!HopByHop.IsResponseHeader(name) && (connection.Count == 0 || !connection.Contains(name)))
            {
                headers[name] = StringValues.Concat(headers[name], Join(values));
            }
        }

        foreach (var (name, values) in response.Content.Headers.NonValidated)
        {
            if (!HopByHop.IsResponseHeader(name))
            {
                headers[name] = StringValues.Concat(headers[name], Join(values));
            }
        }

        if (StatusCode == 205)
        {
            headers.ContentLength = 0;
        }
        else if (ContentLength is { } length && StatusCode != 204)
        {
            headers.ContentLength = length;
        }
    }

    public override async ValueTask CopyBodyAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        if (_hasNoBody)
        {
            return;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
            var reading = stream.ReadAsync(buffer, cancellationToken);
            if (!reading.IsCompleted && ContentLength != 0)
            {
                // The head does not wait for a body that may come much later.
                await writer.FlushAsync(CancellationToken.None);
            }

            int read;
            while ((read = await reading) > 0)
            {
                BodyBytes += read;

                // The runtime's client does not hold the streams of HTTP/2 to their length.
                if (BodyBytes > ContentLength)
                {
                    throw ResponseHeadParser.Broken("its body is longer than its Content-Length");
                }

                var flush = await writer.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
                if (flush.IsCompleted || flush.IsCanceled || cancellationToken.IsCancellationRequested)
                {
                    throw new OperationCanceledException("the client has gone", cancellationToken);
                }

                reading = stream.ReadAsync(buffer, cancellationToken);
            }

            if (BodyBytes < ContentLength)
            {
                throw new UpstreamException(UpstreamFailure.Closed, "connection closed before the response body was whole");
            }

            CopyTrailers();

            // Only here: after a failure a read may still be writing to it.
            ArrayPool<byte>.Shared.Return(buffer);
        }
        catch (Exception e) when (e is not UpstreamException)
        {
            throw GeneralTransport.Explain(e, content, cancellationToken);
        }
    }

    /// <exception cref="InvalidOperationException">Always: HTTP/2 has no status 101 (RFC 9113, 8.6).</exception>
    public override ValueTask<Stream> OpenUpgradedStreamAsync() => throw new InvalidOperationException("HTTP/2 does not switch protocols");

    public override async ValueTask DisposeAsync()
    {
        response.Dispose();
        if (content is not null)
        {
            await content.StopAsync();
        }

        message.Dispose();
    }

    private void CopyTrailers()
    {
        foreach (var (name, values) in response.TrailingHeaders.NonValidated)
        {
            if (!HopByHop.IsForbiddenTrailer(name))
            {
                Trailers ??= new HeaderDictionary();
                Trailers[name] = Join(values);
            }
        }
    }

    private static StringValues Join(HeaderStringValues values)
    {
        if (values.Count == 1)
        {
            return Decoded(values.ToString());
        }

        var all = new string[values.Count];
        var i = 0;
        foreach (var value in values)
        {
            all[i++] = Decoded(value);
        }

        return all;
    }

    // The client reads each byte as a character (Latin-1).
    private static string Decoded(string value) => Ascii.IsValid(value) ? value : FieldText.Decode(Encoding.Latin1.GetBytes(value));
}
