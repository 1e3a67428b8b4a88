using System.Globalization;
using System.Net;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends;

/// <summary>
/// A forward proxy (configuration key <c>dynamic</c>): the upstream is the authority of the request, or what an expression gives. The number of
/// upstreams whose connections are kept is bounded; the one that was used longest ago goes first.
/// </summary>
internal sealed class DynamicBackend(DynamicBackendSnapshot snapshot, GatewayServices services) : IBackendHandler, ITransportOwner, IAsyncDisposable
{
    /// <summary>Most upstreams whose connections are kept.</summary>
    public const int MaxUpstreams = 1024;

    private readonly PolicyExpression? _target = PolicyExpression.Of(snapshot.Target);
    private readonly Lock _lock = new();
    private readonly Dictionary<TargetAddress, LinkedListNode<Upstream>> _upstreams = [];
    private readonly LinkedList<Upstream> _recent = new();

    public async ValueTask<GatewayReply?> HandleAsync(RequestContext context)
    {
        if (_target is { ReadsRequestBody: true })
        {
            await context.BufferRequestBodyAsync();
        }

        var text = context.Authority;
        if (_target is not null && !ExpressionText.TryText(_target.Evaluate(context), out text!))
        {
            return GatewayReply.ProcessingFailed("the expression of the dynamic backend gives no target");
        }

        if (Parse(text, context.Scheme) is not { } address)
        {
            return GatewayReply.InvalidRequest;
        }

        var (upstream, evicted) = Enter(address);
        try
        {
            if (evicted is not null)
            {
                await evicted.DisposeAsync();
            }

            return await HttpForwarder.ForwardAsync(context, upstream.Backend, context.Backend?.Call ?? BackendCall.Plain);
        }
        finally
        {
            Interlocked.Decrement(ref upstream.Users);
        }
    }

    public void KeepOnly(IReadOnlySet<TransportOptions> inUse)
    {
        List<Upstream> all;
        lock (_lock)
        {
            all = [.. _recent];
        }

        foreach (var upstream in all)
        {
            upstream.Backend.KeepOnly(inUse);
        }
    }

    public async ValueTask DisposeAsync()
    {
        List<Upstream> last;
        lock (_lock)
        {
            last = [.. _recent];
            _recent.Clear();
            _upstreams.Clear();
        }

        foreach (var upstream in last)
        {
            await upstream.Backend.DisposeAsync();
        }
    }

    /// <summary>Reads <c>host</c>, <c>host:port</c> or <c>[v6]:port</c>; the port of the scheme by default. Null for anything else.</summary>
    internal static TargetAddress? Parse(string text, string scheme)
    {
        var colon = text.LastIndexOf(':');
        var hasPort = colon > text.LastIndexOf(']');
        var host = hasPort ? text.AsSpan(0, colon) : text;
        var port = scheme.Equals("https", StringComparison.OrdinalIgnoreCase) ? 443 : 80;
        if (hasPort && (!int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out port) || port is < 1 or > 65535))
        {
            return null;
        }

        if (host.Length > 2 && host[0] == '[' && host[^1] == ']')
        {
            return IPAddress.TryParse(host[1..^1], out _) ? new TargetAddress(host[1..^1].ToString(), port) : null;
        }

        var name = host.Length > 1 && host[^1] == '.' ? host[..^1] : host;
        return Uri.CheckHostName(name.ToString()) is UriHostNameType.Dns or UriHostNameType.IPv4 ? new TargetAddress(name.ToString().ToLowerInvariant(), port) : null;
    }

    private (Upstream Upstream, HttpBackend? Evicted) Enter(TargetAddress address)
    {
        lock (_lock)
        {
            if (_upstreams.TryGetValue(address, out var node))
            {
                _recent.Remove(node);
                _recent.AddFirst(node);
                Interlocked.Increment(ref node.Value.Users);
                return (node.Value, null);
            }

            HttpBackend? evicted = null;
            if (_upstreams.Count >= MaxUpstreams)
            {
                for (var oldest = _recent.Last; oldest is not null; oldest = oldest.Previous)
                {
                    if (Volatile.Read(ref oldest.Value.Users) == 0)
                    {
                        evicted = oldest.Value.Backend;
                        _upstreams.Remove(oldest.Value.Address);
                        _recent.Remove(oldest);
                        break;
                    }
                }
            }

            var upstream = new Upstream(address, new HttpBackend(new HostBackendSnapshot { Key = snapshot.Key, Target = address }, services)) { Users = 1 };
            _upstreams[address] = _recent.AddFirst(upstream);
            return (upstream, evicted);
        }
    }

    private sealed class Upstream(TargetAddress address, HttpBackend backend)
    {
        public int Users;

        public TargetAddress Address { get; } = address;

        public HttpBackend Backend { get; } = backend;
    }
}
