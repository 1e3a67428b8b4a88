using System.Buffers;
using System.IO.Pipelines;
using AgentGateway.Proxy.Telemetry.Metrics;

namespace AgentGateway.Proxy.Listeners.Connections;

/// <summary>Counts the bytes of a client connection as they pass, TLS and all, for the metrics of downstream connections.</summary>
internal sealed class ConnectionMeter : IDuplexPipe
{
    private readonly GatewayMetrics _metrics;
    private readonly CountingReader _input;
    private readonly CountingWriter _output;
    private (string Bind, string? Gateway, string? Listener, string Protocol)? _labels;

    public ConnectionMeter(IDuplexPipe transport, GatewayMetrics metrics)
    {
        _metrics = metrics;
        _input = new CountingReader(transport.Input);
        _output = new CountingWriter(transport.Output);
    }

    public PipeReader Input => _input;

    public PipeWriter Output => _output;

    /// <summary>Bytes that the gateway has taken from the client.</summary>
    public long Received => _input.Count;

    /// <summary>Bytes that the gateway has given to the client.</summary>
    public long Sent => _output.Count;

    /// <summary>Counts the connection once it is known what it speaks; a connection that enters the gateway again through a tunnel counts once.</summary>
    public void Begin(string bind, string? gateway, string? listener, string protocol)
    {
        if (_labels is null)
        {
            _labels = (bind, gateway, listener, protocol);
            _metrics.Connection(bind, gateway, listener, protocol);
        }
    }

    /// <summary>Adds the bytes up; the connection has ended.</summary>
    public void End()
    {
        if (_labels is { } labels)
        {
            _metrics.ConnectionBytes(labels.Bind, labels.Gateway, labels.Listener, labels.Protocol, Received, Sent);
        }
    }

    private sealed class CountingReader(PipeReader inner) : PipeReader
    {
        private ReadOnlySequence<byte> _current;

        public long Count { get; private set; }

        public override bool TryRead(out ReadResult result)
        {
            var has = inner.TryRead(out result);
            _current = result.Buffer;
            return has;
        }

        public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default)
        {
            var reading = inner.ReadAsync(cancellationToken);
            if (!reading.IsCompletedSuccessfully)
            {
                return ContinueAsync(reading);
            }

            var result = reading.Result;
            _current = result.Buffer;
            return new(result);
        }

        public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

        public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
        {
            Count += _current.Slice(0, consumed).Length;
            inner.AdvanceTo(consumed, examined);
        }

        public override void CancelPendingRead() => inner.CancelPendingRead();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);

        private async ValueTask<ReadResult> ContinueAsync(ValueTask<ReadResult> reading)
        {
            var result = await reading;
            _current = result.Buffer;
            return result;
        }
    }

    private sealed class CountingWriter(PipeWriter inner) : PipeWriter
    {
        public long Count { get; private set; }

        public override bool CanGetUnflushedBytes => inner.CanGetUnflushedBytes;

        public override long UnflushedBytes => inner.UnflushedBytes;

        public override void Advance(int bytes)
        {
            Count += bytes;
            inner.Advance(bytes);
        }

        public override Memory<byte> GetMemory(int sizeHint = 0) => inner.GetMemory(sizeHint);

        public override Span<byte> GetSpan(int sizeHint = 0) => inner.GetSpan(sizeHint);

        public override ValueTask<FlushResult> FlushAsync(CancellationToken cancellationToken = default) => inner.FlushAsync(cancellationToken);

        public override ValueTask<FlushResult> WriteAsync(ReadOnlyMemory<byte> source, CancellationToken cancellationToken = default)
        {
            Count += source.Length;
            return inner.WriteAsync(source, cancellationToken);
        }

        public override void CancelPendingFlush() => inner.CancelPendingFlush();

        public override void Complete(Exception? exception = null) => inner.Complete(exception);

        public override ValueTask CompleteAsync(Exception? exception = null) => inner.CompleteAsync(exception);
    }
}
