using AgentGateway.Proxy.Mcp.Streaming;

namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>
/// The messages of one event stream of an HTTP upstream. A stream that breaks off before it answered its request is taken up again with
/// <c>Last-Event-ID</c> when the server gave identifiers (MCP 2025-11-25, resumability), so that the client does not notice.
/// </summary>
internal sealed class HttpMessageStream : MessageStream
{
    // The default of the HTML standard is "a few seconds"; the MCP SDKs take one.
    private static readonly TimeSpan DefaultRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestRetry = TimeSpan.FromSeconds(30);
    private const int Attempts = 5;

    private readonly Func<string, CancellationToken, ValueTask<HttpResponseMessage?>>? _resume;
    private readonly TimeProvider _time;
    private HttpResponseMessage _response;
    private SseReader _reader;
    private string? _lastEventId;
    private TimeSpan? _retry;
    private int _attempt;

    /// <param name="response">The response whose body is the stream; it is disposed of with the stream.</param>
    /// <param name="body">The body.</param>
    /// <param name="resume">Opens the stream again behind an event; null when it belongs to no request.</param>
    /// <param name="time">Clock of the wait before a resumption.</param>
    public HttpMessageStream(
        HttpResponseMessage response, Stream body, Func<string, CancellationToken, ValueTask<HttpResponseMessage?>>? resume, TimeProvider time)
    {
        _response = response;
        _reader = new SseReader(body, McpLimits.UpstreamMessageBytes);
        _resume = resume;
        _time = time;
    }

    public override async ValueTask<bool> ReadAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                while (await _reader.ReadAsync(cancellationToken))
                {
                    _attempt = 0;

                    // Servers prime a stream with an identifier and empty data.
                    if (!_reader.Data.Span.Trim(" \t\r\n"u8).IsEmpty && _reader.EventType is null or "message")
                    {
                        Current.Read(_reader.Data);
                        return true;
                    }
                }
            }
            catch (InvalidDataException error)
            {
                throw new McpUpstreamException($"failed to send message: upstream sent too much: {error.Message}", error);
            }
            catch (Exception error) when (error is IOException or HttpRequestException && !cancellationToken.IsCancellationRequested)
            {
                if (!CanResume())
                {
                    throw new McpUpstreamException("failed to send message: upstream closed the connection", error);
                }
            }

            if (!CanResume() || !await ResumeAsync(cancellationToken))
            {
                return false;
            }
        }
    }

    public override ValueTask DisposeAsync()
    {
        _reader.Dispose();
        _response.Dispose();
        return ValueTask.CompletedTask;
    }

    private bool CanResume()
    {
        _lastEventId = _reader.LastEventId ?? _lastEventId;
        _retry = _reader.Retry ?? _retry;
        return _resume is not null && _lastEventId is { Length: > 0 } && _attempt < Attempts;
    }

    private async ValueTask<bool> ResumeAsync(CancellationToken cancellationToken)
    {
        while (_attempt++ < Attempts)
        {
            var wait = _retry ?? DefaultRetry;
            await Task.Delay(wait < LongestRetry ? wait : LongestRetry, _time, cancellationToken);
            try
            {
                if (await _resume!(_lastEventId!, cancellationToken) is not { } response)
                {
                    return false;
                }

                _reader.Dispose();
                _response.Dispose();
                _response = response;
                _reader = new SseReader(await response.Content.ReadAsStreamAsync(cancellationToken), McpLimits.UpstreamMessageBytes);
                return true;
            }
            catch (McpUpstreamException) when (_attempt < Attempts)
            {
                // Not back yet: the next attempt waits as long again.
            }
            catch (McpUpstreamException error)
            {
                throw new McpUpstreamException("failed to send message: upstream closed the connection", error);
            }
        }

        return false;
    }
}
