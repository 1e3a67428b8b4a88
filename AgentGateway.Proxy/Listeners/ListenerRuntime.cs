using System.Net.Security;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Tls;
using AgentGateway.Proxy.Backends;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Listeners.Tcp;
using AgentGateway.Proxy.Listeners.Tls;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Routing;

namespace AgentGateway.Proxy.Listeners;

/// <summary>A listener compiled for requests.</summary>
internal sealed class ListenerRuntime
{
    public ListenerRuntime(ListenerSnapshot snapshot, TunnelProtocol tunnel, GatewayServices services, BackendRegistry.Generation backends)
    {
        Snapshot = snapshot;
        Policies = PolicyChain.Compile<IRequestPolicy>(snapshot.Policies, new PolicyScope(services, PolicyStage.Gateway, snapshot.Key) { StateKey = snapshot.StateKey });
        Hostname = new HostnamePattern(snapshot.Hostname);
        TlsDemands = new(snapshot.Protocol, snapshot.Hostname.ToLowerInvariant(), snapshot.Tls, tunnel, backends.Snapshot.Frontend.Tls);
        Tls = snapshot.Tls is { } tls ? ServerTls.Create(snapshot, tls, tunnel, backends.Snapshot.Frontend.Tls) : null;
        Routes = new RouteTable(snapshot, services, backends);
        TcpRoutes = new TcpRouteTable(snapshot.TcpRoutes, snapshot.BackendPolicies, services, backends.Snapshot);
    }

    public ListenerSnapshot Snapshot { get; }

    /// <summary>Handlers of the gateway phase, in order.</summary>
    public IRequestPolicy[] Policies { get; }

    public HostnamePattern Hostname { get; }

    /// <summary>How TLS is terminated for this listener; null when it has no TLS.</summary>
    public SslServerAuthenticationOptions? Tls { get; }

    /// <summary>What the handshake asks of a client: another value is another handshake.</summary>
    public (ListenerProtocol Protocol, string Hostname, ServerTlsSnapshot? Tls, TunnelProtocol Tunnel, FrontendTlsSnapshot Frontend) TlsDemands { get; }

    public RouteTable Routes { get; }

    /// <summary>Routes of a TCP or TLS listener.</summary>
    public TcpRouteTable TcpRoutes { get; }
}
