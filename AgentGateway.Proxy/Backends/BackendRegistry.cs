using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Mcp;

namespace AgentGateway.Proxy.Backends;

/// <summary>
/// Handlers by state key. A handler whose snapshot is unchanged, but for the name that its place gives it, is used again by the next runtime, so that a reload keeps connections,
/// sessions and endpoint health; one that no runtime uses any more is disposed of.
/// </summary>
internal sealed class BackendRegistry(GatewayServices services) : IAsyncDisposable
{
    private readonly Lock _lock = new();
    private Dictionary<string, (BackendSnapshot Snapshot, IBackendHandler Handler)> _current = new(StringComparer.Ordinal);

    /// <summary>Starts the handlers of the next runtime; <see cref="Generation.CommitAsync"/> retires those it no longer uses.</summary>
    public Generation BeginGeneration(GatewaySnapshot snapshot) => new(this, snapshot);

    public async ValueTask DisposeAsync()
    {
        Dictionary<string, (BackendSnapshot Snapshot, IBackendHandler Handler)> last;
        lock (_lock)
        {
            last = _current;
            _current = new(StringComparer.Ordinal);
        }

        await RetireAsync(last.Values.Select(entry => entry.Handler));
    }

    private static async ValueTask RetireAsync(IEnumerable<IBackendHandler> handlers)
    {
        foreach (var handler in handlers)
        {
            if (handler is IAsyncDisposable disposable)
            {
                await disposable.DisposeAsync();
            }
        }
    }

    private IBackendHandler Create(BackendSnapshot snapshot) => snapshot switch
    {
        HostBackendSnapshot host => new HttpBackend(host, services),
        McpBackendSnapshot mcp => new McpBackend(mcp, services),
        DynamicBackendSnapshot dynamic => new DynamicBackend(dynamic, services),
        ServiceTargetSnapshot service => new ServiceBackend(service, services),
        _ => throw new InvalidOperationException($"backend {snapshot.Key} of type {snapshot.GetType().Name} has no handler; validation must refuse it"),
    };

    internal sealed class Generation(BackendRegistry registry, GatewaySnapshot configuration)
    {
        private readonly Dictionary<string, (BackendSnapshot Snapshot, IBackendHandler Handler)> _next = new(StringComparer.Ordinal);

        // What nearly all backends are called with, and nothing else.
        private static readonly HashSet<TransportOptions> OnlyDefault = [TransportOptions.Default];

        private readonly Dictionary<IBackendHandler, HashSet<TransportOptions>> _transports = [];

        /// <summary>What the runtime is made of.</summary>
        public GatewaySnapshot Snapshot => configuration;

        public IBackendHandler Get(BackendSnapshot snapshot)
        {
            if (_next.TryGetValue(snapshot.StateKey, out var own))
            {
                return own.Handler;
            }

            IBackendHandler? handler = null;
            lock (registry._lock)
            {
                if (registry._current.TryGetValue(snapshot.StateKey, out var kept) && IsSame(kept.Snapshot, snapshot))
                {
                    handler = kept.Handler;
                }
            }

            handler ??= registry.Create(snapshot);
            _next[snapshot.StateKey] = (snapshot, handler);
            return handler;
        }

        private static bool IsSame(BackendSnapshot kept, BackendSnapshot snapshot) => kept.Equals(kept.Key == snapshot.Key ? snapshot : snapshot with { Key = kept.Key });

        /// <summary>Says that a route calls a backend in this way.</summary>
        public void Uses(IBackendHandler handler, TransportOptions transport)
        {
            if (!_transports.TryGetValue(handler, out var all))
            {
                _transports[handler] = ReferenceEquals(transport, TransportOptions.Default) ? OnlyDefault : [transport];
            }
            else if (!ReferenceEquals(all, OnlyDefault))
            {
                all.Add(transport);
            }
            else if (!ReferenceEquals(transport, TransportOptions.Default))
            {
                _transports[handler] = [.. OnlyDefault, transport];
            }
        }

        /// <summary>Disposes of what was made for a runtime that is not used, because compiling it failed.</summary>
        public ValueTask AbandonAsync()
        {
            HashSet<IBackendHandler> kept;
            lock (registry._lock)
            {
                kept = [.. registry._current.Values.Select(entry => entry.Handler)];
            }

            return RetireAsync(_next.Values.Select(entry => entry.Handler).Where(handler => !kept.Contains(handler)));
        }

        /// <summary>Makes this generation current. Call after the runtime was swapped in.</summary>
        public async ValueTask CommitAsync()
        {
            Dictionary<string, (BackendSnapshot Snapshot, IBackendHandler Handler)> previous;
            lock (registry._lock)
            {
                previous = registry._current;
                registry._current = _next;
            }

            await RetireAsync(previous.Where(entry => !_next.TryGetValue(entry.Key, out var now) || !ReferenceEquals(now.Handler, entry.Value.Handler))
                .Select(entry => entry.Value.Handler));
            foreach (var (snapshot, handler) in _next.Values)
            {
                if (handler is INamedByPlace named)
                {
                    named.Name = snapshot.Key;
                }
            }

            foreach (var (handler, transports) in _transports)
            {
                (handler as ITransportOwner)?.KeepOnly(transports);
            }
        }
    }
}
