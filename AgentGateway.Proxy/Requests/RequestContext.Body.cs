using System.Buffers;
using Microsoft.AspNetCore.Http.Features;

namespace AgentGateway.Proxy.Requests;

// The request body, for policies that read or replace it. Without such a policy it streams from the client to the upstream untouched.
internal sealed partial class RequestContext
{
    private BodyBuffering _bodyBuffering;
    private ReadOnlyMemory<byte> _requestBody;
    private BodyRecord? _recording;

    /// <summary>The body that was kept for policies: whole, or its beginning when it is larger than the bound. Empty before <see cref="BufferRequestBodyAsync"/>.</summary>
    public ReadOnlyMemory<byte> RequestBody => _requestBody;

    /// <summary>True once the body was read for policies.</summary>
    public bool IsRequestBodyBuffered => _bodyBuffering != BodyBuffering.None;

    /// <summary>True when <see cref="RequestBody"/> is the whole body.</summary>
    public bool RequestBodyIsWhole => _bodyBuffering == BodyBuffering.Whole;

    /// <summary>Most bytes of a body that are kept for policies (<c>frontendPolicies.http.maxBufferSize</c>, 2 MiB by default).</summary>
    public int MaxBufferSize => Runtime.Snapshot.Frontend.Http.MaxBufferSize;

    /// <summary>
    /// Reads the body for policies, once, up to <see cref="MaxBufferSize"/>; a larger one goes on to the upstream all the same. What was read is
    /// given to the upstream again.
    /// </summary>
    /// <exception cref="IOException">The client broke off, sent a malformed body or sends too slowly.</exception>
    public ValueTask BufferRequestBodyAsync() => _bodyBuffering == BodyBuffering.None ? ReadRequestBodyAsync() : default;

    /// <summary>Keeps a bounded copy of the body while it goes to the upstream, for logs and spans; once for a request and before anybody reads it.</summary>
    public void RecordRequestBody()
    {
        if (_http.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: false })
        {
            _recording = new BodyRecord(MaxBufferSize);
            _http.Request.Body = new RecordingStream(_http.Request.Body, _recording);
        }
        else
        {
            _bodyBuffering = BodyBuffering.Whole;
        }
    }

    /// <summary>Replaces the body; its length and framing follow.</summary>
    public void ReplaceRequestBody(ReadOnlyMemory<byte> body)
    {
        _bodyBuffering = BodyBuffering.Whole;
        _requestBody = body;
        var request = _http.Request;
        request.Body = new PrefixedStream(body, null);
        request.Headers.TransferEncoding = default;
        request.Headers.ContentEncoding = default;
        request.ContentLength = body.Length;
        _http.Features.Set<IHttpRequestBodyDetectionFeature>(body.Length > 0 ? BodyPresence.Some : BodyPresence.None);
    }

    /// <summary>Says what the body was, after a backend has read it by itself; expressions see it from now on.</summary>
    public void NoteRequestBody(byte[]? body)
    {
        if (body is not null && _bodyBuffering == BodyBuffering.None)
        {
            _bodyBuffering = BodyBuffering.Whole;
            _requestBody = body;
        }
    }

    private async ValueTask ReadRequestBodyAsync()
    {
        if (_http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
        {
            _bodyBuffering = BodyBuffering.Whole;
            return;
        }

        var limit = MaxBufferSize;
        var reader = _http.Request.BodyReader;
        var kept = new ArrayBufferWriter<byte>();
        var isWhole = false;
        using var pace = new BodyPace(this);
        while (kept.WrittenCount <= limit)
        {
            var result = await pace.ReadAsync(reader, kept.WrittenCount);
            foreach (var segment in result.Buffer)
            {
                kept.Write(segment.Span);
            }

            reader.AdvanceTo(result.Buffer.End);
            if (result.IsCompleted)
            {
                isWhole = kept.WrittenCount <= limit;
                break;
            }
        }

        _bodyBuffering = isWhole ? BodyBuffering.Whole : BodyBuffering.Prefix;
        _requestBody = kept.WrittenCount > limit ? kept.WrittenMemory[..limit] : kept.WrittenMemory;
        _http.Request.Body = new PrefixedStream(kept.WrittenMemory, isWhole ? null : reader.AsStream());
    }

    private void ResetRequestBody()
    {
        _bodyBuffering = BodyBuffering.None;
        _requestBody = default;
        _recording = null;
    }

    private enum BodyBuffering
    {
        None,
        Prefix,
        Whole,
    }

    private sealed class BodyPresence(bool canHaveBody) : IHttpRequestBodyDetectionFeature
    {
        public static BodyPresence Some { get; } = new(true);

        public static BodyPresence None { get; } = new(false);

        public bool CanHaveBody => canHaveBody;
    }
}
