using System.Buffers;
using System.IO.Pipelines;

namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>
/// A request body that remembers what was read of it, up to a bound, so that a retry can send it again. What lies beyond the bound is passed
/// on once and makes the body not restartable (spec 3.2, <c>retry</c>: replay of at most 64 KiB).
/// </summary>
internal sealed class ReplayableBody(PipeReader source, int limit = ReplayableBody.DefaultLimit) : PipeReader, IDisposable
{
    /// <summary>Bytes of a body that are kept for a retry.</summary>
    public const int DefaultLimit = 64 * 1024;

    private byte[]? _kept;
    private int _keptLength;
    private int _replayed;
    private bool _overflowed;
    private bool _sourceEnded;
    private bool _servingKept;
    private bool _currentIsLast;
    private ReadOnlySequence<byte> _current;

    /// <summary>Goes back to the first byte; false when more than the bound was read.</summary>
    public bool TryRestart()
    {
        if (_overflowed)
        {
            return false;
        }

        _replayed = 0;
        return true;
    }

    public override bool TryRead(out ReadResult result)
    {
        if (TryServeKept(out result))
        {
            return true;
        }

        if (!source.TryRead(out result))
        {
            return false;
        }

        result = FromSource(result);
        return true;
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        TryServeKept(out var kept) ? new(kept) : ReadSourceAsync(cancellationToken);

    public override void AdvanceTo(SequencePosition consumed) => AdvanceTo(consumed, consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined)
    {
        var taken = _current.Slice(0, consumed);
        if (_servingKept)
        {
            _replayed += (int)taken.Length;
            return;
        }

        Keep(taken);
        _sourceEnded = _currentIsLast && taken.Length == _current.Length;
        source.AdvanceTo(consumed, examined);
    }

    public override void CancelPendingRead() => source.CancelPendingRead();

    /// <summary>Does nothing: the source belongs to the request of the client.</summary>
    public override void Complete(Exception? exception = null)
    {
    }

    public void Dispose()
    {
        if (_kept is { } kept)
        {
            _kept = null;
            _overflowed = true;
            ArrayPool<byte>.Shared.Return(kept);
        }
    }

    private bool TryServeKept(out ReadResult result)
    {
        _servingKept = _replayed < _keptLength || (_sourceEnded && !_overflowed);
        if (!_servingKept)
        {
            result = default;
            return false;
        }

        _current = new ReadOnlySequence<byte>(_kept ?? [], _replayed, _keptLength - _replayed);
        result = new ReadResult(_current, isCanceled: false, isCompleted: _sourceEnded);
        return true;
    }

    private async ValueTask<ReadResult> ReadSourceAsync(CancellationToken cancellationToken) => FromSource(await source.ReadAsync(cancellationToken));

    private ReadResult FromSource(ReadResult result)
    {
        _current = result.Buffer;
        _currentIsLast = result.IsCompleted;
        return result;
    }

    private void Keep(ReadOnlySequence<byte> taken)
    {
        if (_overflowed)
        {
            return;
        }

        if (_keptLength + taken.Length > limit)
        {
            _overflowed = true;
            _keptLength = _replayed = 0;
            return;
        }

        var needed = _keptLength + (int)taken.Length;
        if (_kept is null || _kept.Length < needed)
        {
            var larger = ArrayPool<byte>.Shared.Rent(Math.Max(needed, 4096));
            if (_kept is { } old)
            {
                old.AsSpan(0, _keptLength).CopyTo(larger);
                ArrayPool<byte>.Shared.Return(old);
            }

            _kept = larger;
        }

        taken.CopyTo(_kept.AsSpan(_keptLength));
        _keptLength = _replayed = needed;
    }
}
