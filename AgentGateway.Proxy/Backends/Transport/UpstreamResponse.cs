using System.IO.Pipelines;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>The response to one attempt. Call order: <see cref="CopyHeadersTo"/>, then <see cref="CopyBodyAsync"/>, then dispose.</summary>
internal abstract class UpstreamResponse : IAsyncDisposable
{
    /// <summary>Final status; 101 when the upstream agreed to the upgrade.</summary>
    public abstract int StatusCode { get; }

    /// <summary>Length of the body that will be copied, or null when it is not known beforehand.</summary>
    public abstract long? ContentLength { get; }

    /// <summary>Value of <c>Retry-After</c> in seconds form, or null.</summary>
    public abstract TimeSpan? RetryAfter { get; }

    /// <summary>Bytes of the body that were passed on so far.</summary>
    public long BodyBytes { get; protected set; }

    /// <summary>Trailers; complete once the body was copied, null when there are none.</summary>
    public IHeaderDictionary? Trailers { get; protected set; }

    /// <summary>True when trailers may follow the body.</summary>
    public abstract bool MayHaveTrailers { get; }

    /// <summary>Adds the end-to-end headers, <c>Content-Length</c> included.</summary>
    public abstract void CopyHeadersTo(IHeaderDictionary headers);

    /// <summary>
    /// Passes the body on, flushing what every read from the upstream brought, so that events are not held back. Writes only through
    /// <see cref="PipeWriter.WriteAsync"/>; does not complete the writer.
    /// </summary>
    /// <exception cref="UpstreamException">The body is not whole: the client must see its connection cut, not a clean end.</exception>
    /// <exception cref="OperationCanceledException">Cancelled, or the reader of <paramref name="writer"/> has gone.</exception>
    public abstract ValueTask CopyBodyAsync(PipeWriter writer, CancellationToken cancellationToken);

    /// <summary>After 101: the raw connection. Disposing of the response closes it.</summary>
    public abstract ValueTask<Stream> OpenUpgradedStreamAsync();

    public abstract ValueTask DisposeAsync();
}
