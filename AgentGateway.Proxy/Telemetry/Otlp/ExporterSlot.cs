using Microsoft.Extensions.Logging;

namespace AgentGateway.Proxy.Telemetry.Otlp;

/// <summary>The exporter of one signal over all configurations: kept while its destination stays, replaced without loss when it changes.</summary>
internal sealed class ExporterSlot(OtlpSignal signal, TelemetryConnections connections, TimeProvider time, ILogger logger) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private readonly List<(OtlpExporter Exporter, Task Ending)> _retiring = [];
    private OtlpDestination? _destination;
    private OtlpExporter? _current;

    // Counts of exporters that have ended.
    private long _sentBefore;
    private long _droppedBefore;

    /// <summary>Items that collectors took.</summary>
    public long Sent => Count(static exporter => exporter.Sent, ref _sentBefore);

    /// <summary>Items that were lost.</summary>
    public long Dropped => Count(static exporter => exporter.Dropped, ref _droppedBefore);

    /// <summary>The exporter for a destination, or null for none. The one before goes on until <see cref="Retire"/>.</summary>
    public OtlpExporter? For(OtlpDestination? destination, Func<Resource> resource, out OtlpExporter? replaced)
    {
        lock (_lock)
        {
            replaced = null;
            if (destination == _destination)
            {
                return _current;
            }

            replaced = _current;
            _destination = destination;
            _current = destination is null ? null : new OtlpExporter(
                new OtlpClient(destination, signal, resource(), connections.ExportHandler()), signal, BatchOptions.FromEnvironment(connections.Environment, signal), time, logger);
            if (replaced is not null)
            {
                _retiring.Add((replaced, Task.CompletedTask));
            }

            return _current;
        }
    }

    /// <summary>Has a replaced exporter send what it holds and end.</summary>
    public void Retire(OtlpExporter replaced)
    {
        lock (_lock)
        {
            for (var i = _retiring.Count - 1; i >= 0; i--)
            {
                var (exporter, ending) = _retiring[i];
                if (ReferenceEquals(exporter, replaced))
                {
                    _retiring[i] = (exporter, exporter.DisposeAsync().AsTask());
                }
                else if (ending.IsCompleted)
                {
                    _sentBefore += exporter.Sent;
                    _droppedBefore += exporter.Dropped;
                    _retiring.RemoveAt(i);
                }
            }
        }
    }

    /// <summary>Sends what waits now.</summary>
    public Task FlushAsync() => _current?.FlushAsync() ?? Task.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (_current is { } exporter)
        {
            await exporter.DisposeAsync();
        }

        Task[] ending;
        lock (_lock)
        {
            ending = [.. _retiring.Select(static entry => entry.Ending)];
        }

        await Task.WhenAll(ending);
    }

    private long Count(Func<OtlpExporter, long> read, ref long before)
    {
        lock (_lock)
        {
            var sum = before + (_current is { } current ? read(current) : 0);
            foreach (var (exporter, _) in _retiring)
            {
                sum += read(exporter);
            }

            return sum;
        }
    }
}
