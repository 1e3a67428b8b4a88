using System.Globalization;
using System.IO.Pipelines;
using System.Runtime.CompilerServices;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace AgentGateway.Proxy.Backends.Http1;

/// <summary>The response half of an exchange. Each connection has one, used again for the next exchange.</summary>
internal sealed class Http1Response(Http1Connection connection, Http1Transport owner) : UpstreamResponse
{
    /// <summary>Receive buffer while a long body passes.</summary>
    private const int LongBodyBuffer = 64 * 1024;

    private BodyFraming _framing;
    private long _left;
    private ChunkedDecoder _chunks;
    private bool _ended;
    private bool _released;

    public override int StatusCode => connection.Head.StatusCode;

    public override long? ContentLength => connection.Head.ContentLength is >= 0 and var length ? length : null;

    public override bool MayHaveTrailers => _framing == BodyFraming.Chunked;

    public override TimeSpan? RetryAfter
    {
        get
        {
            var bytes = connection.Buffer.AsSpan(connection.Start - connection.Head.HeadLength, connection.Head.HeadLength);
            return ValuesOf("Retry-After", bytes) is [var value] && int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                ? TimeSpan.FromSeconds(seconds)
                : null;
        }
    }

    /// <summary>Starts with the head that the connection has just received.</summary>
    public void Begin(UpstreamRequest request)
    {
        var head = connection.Head;
        BodyBytes = 0;
        Trailers = null;
        _released = false;
        _chunks = default;
        _left = 0;
        var status = head.StatusCode;
        if (status == 101)
        {
            if (request.Upgrade is null)
            {
                throw ResponseHeadParser.Broken("it switches protocols unasked");
            }

            _framing = BodyFraming.UntilClose;
        }
        else if (request.Method == "HEAD" || status is 204 or 304)
        {
            _framing = BodyFraming.None;
        }
        else if (status == 205)
        {
            // It has no content (RFC 9110, 15.3.6). An upstream that sends some says by its framing where that would end, but nobody needs it.
            _framing = head.ContentLength == 0 ? BodyFraming.None : BodyFraming.UntilClose;
            _ended = true;
            return;
        }
        else if (head.IsChunked)
        {
            _framing = BodyFraming.Chunked;
        }
        else if (head.ContentLength >= 0)
        {
            _left = head.ContentLength;
            _framing = _left == 0 ? BodyFraming.None : BodyFraming.Length;
        }
        else
        {
            _framing = BodyFraming.UntilClose;
        }

        _ended = _framing == BodyFraming.None;
    }

    public override void CopyHeadersTo(IHeaderDictionary headers)
    {
        var head = connection.Head;
        var bytes = connection.Buffer.AsSpan(connection.Start - head.HeadLength, head.HeadLength);
        var named = head.ConnectionNamesFields ? NamedByConnection(bytes) : null;
        for (var i = 0; i < head.FieldCount; i++)
        {
            var field = head[i];
            var name = connection.Strings.Name(i, bytes.Slice(field.NameStart, field.NameLength));
            if (HopByHop.IsResponseHeader(name) || (named is not null && named.Contains(name)))
            {
                continue;
            }

            var value = connection.Strings.Value(i, bytes.Slice(field.ValueStart, field.ValueLength));
            var before = headers[name];
            headers[name] = before.Count == 0 ? value : StringValues.Concat(before, value);
        }

        // 204 has no length (RFC 9110, 8.6).
        if (head.StatusCode == 205)
        {
            headers.ContentLength = 0;
        }
        else if (head.ContentLength >= 0 && head.StatusCode != 204)
        {
            headers.ContentLength = head.ContentLength;
        }

        if (head.StatusCode == 101 && UpgradeValue(bytes) is { } upgrade)
        {
            headers.Upgrade = upgrade;
        }
    }

    public override ValueTask CopyBodyAsync(PipeWriter writer, CancellationToken cancellationToken) =>
        _ended ? default : CopyAsync(writer, cancellationToken);

    public override ValueTask<Stream> OpenUpgradedStreamAsync() => new(new UpgradedStream(connection));

    public override ValueTask DisposeAsync()
    {
        if (_released)
        {
            return default;
        }

        _released = true;
        if (!connection.RequestSent)
        {
            return connection.StopSendingAsync();
        }

        if (!_ended && !connection.IsAborted && _framing == BodyFraming.Length && connection.End - connection.Start == _left)
        {
            // A body that nobody wanted (the response led to a retry) but that has arrived does not cost the connection.
            _ = TakePiece();
        }

        var head = connection.Head;
        if (_ended
            && !connection.IsAborted
            && connection.Start == connection.End
            && head.MinorVersion == 1
            && !head.ConnectionClose
            && _framing != BodyFraming.UntilClose)
        {
            owner.Return(connection);
        }
        else
        {
            connection.Abort();
        }

        return default;
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask CopyAsync(PipeWriter writer, CancellationToken cancellationToken)
    {
        var registration = default(CancellationTokenRegistration);
        try
        {
            for (var waited = false; ;)
            {
                var piece = TakePiece();
                if (!piece.IsEmpty)
                {
                    BodyBytes += piece.Length;
                    var flush = await writer.WriteAsync(piece, CancellationToken.None);
                    if (flush.IsCompleted || flush.IsCanceled || cancellationToken.IsCancellationRequested)
                    {
                        throw new OperationCanceledException("the client has gone", cancellationToken);
                    }
                }

                if (_ended)
                {
                    Trailers = _chunks.Trailers;
                    return;
                }

                if (!waited)
                {
                    waited = true;
                    registration = cancellationToken.UnsafeRegister(static state => ((Http1Connection)state!).Abort(), connection);
                    if (BodyBytes == 0)
                    {
                        // The head does not wait for a body that may come much later.
                        await writer.FlushAsync(CancellationToken.None);
                    }
                }

                await ReceiveAsync();
            }
        }
        catch (Exception e)
        {
            connection.Abort();
            throw connection.Explain(e, cancellationToken);
        }
        finally
        {
            registration.Dispose();
        }
    }

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask ReceiveAsync()
    {
        if (connection.Start == connection.End)
        {
            connection.Start = connection.End = 0;
        }
        else
        {
            connection.Compact();
        }

        if (connection.End == connection.Buffer.Length)
        {
            connection.Grow(LongBodyBuffer);
        }

        var received = await connection.ReceiveAsync();
        if (received > 0)
        {
            connection.End += received;
            return;
        }

        if (_framing != BodyFraming.UntilClose)
        {
            throw new UpstreamException(UpstreamFailure.Closed, "connection closed before the response body was whole");
        }

        _ended = true;
    }

    /// <summary>Takes the content out of what was received.</summary>
    private ReadOnlyMemory<byte> TakePiece()
    {
        var start = connection.Start;
        var available = connection.End - start;
        if (available == 0)
        {
            return default;
        }

        switch (_framing)
        {
            case BodyFraming.Length:
                var take = (int)Math.Min(available, _left);
                _left -= take;
                _ended = _left == 0;
                connection.Start += take;
                return connection.Buffer.AsMemory(start, take);
            case BodyFraming.Chunked:
                _chunks.Decode(connection.Buffer.AsSpan(start, available), out var consumed, out var produced);
                _ended = _chunks.IsDone;
                connection.Start += consumed;
                return connection.Buffer.AsMemory(start, produced);
            default:
                connection.Start = connection.End;
                return connection.Buffer.AsMemory(start, available);
        }
    }

    private HashSet<string> NamedByConnection(ReadOnlySpan<byte> bytes)
    {
        var named = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach (var value in ValuesOf("Connection", bytes))
        {
            named.UnionWith(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        }

        // Fields without which the response changes its meaning cannot be declared hop-by-hop.
        named.ExceptWith(["Content-Length", "Content-Type", "Content-Encoding", "Cache-Control", "Set-Cookie"]);
        return named;
    }

    private string? UpgradeValue(ReadOnlySpan<byte> bytes)
    {
        var values = ValuesOf("Upgrade", bytes);
        return values.Count > 0 ? string.Join(", ", values) : null;
    }

    private List<string> ValuesOf(string name, ReadOnlySpan<byte> bytes)
    {
        var values = new List<string>();
        var head = connection.Head;
        for (var i = 0; i < head.FieldCount; i++)
        {
            if (FieldText.Decode(bytes.Slice(head[i].NameStart, head[i].NameLength)).Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                values.Add(FieldText.Decode(bytes.Slice(head[i].ValueStart, head[i].ValueLength)));
            }
        }

        return values;
    }
}
