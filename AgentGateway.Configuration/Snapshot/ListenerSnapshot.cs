using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Tls;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>A hostname on a port, with its protocol and routes.</summary>
public sealed record ListenerSnapshot
{
    /// <summary>
    /// Runtime key: <c>&lt;namespace&gt;/&lt;gateway&gt;/bind/&lt;port&gt;/&lt;listener&gt;</c> below <c>binds</c>, <c>gateway/&lt;name&gt;[/&lt;listener&gt;]</c>
    /// below <c>gateways</c>, <c>llm</c> and <c>mcp</c> for the ports of the short forms.
    /// </summary>
    public required string Key { get; init; }

    /// <summary>
    /// Under what the state of policies outlives a reload; <see cref="Key"/> by default. A listener without a name is known by protocol and host
    /// name, so that it does not depend on the listeners before it.
    /// </summary>
    public string StateKey
    {
        get => field ?? Key;
        init;
    }

    /// <summary>Listener name, <c>listener0</c> for the first unnamed one. Shown as <c>listener</c> in logs, metrics and spans.</summary>
    public required string Name { get; init; }

    /// <summary>Gateway as <c>namespace/name</c>, <c>default/default</c> standalone.</summary>
    public string Gateway { get; init; } = "default/default";

    /// <summary>Exact host name, <c>*.suffix</c>, or empty for any host.</summary>
    public string Hostname { get; init; } = "";

    /// <summary>Wire protocol of the listener.</summary>
    public ListenerProtocol Protocol { get; init; } = ListenerProtocol.Http;

    /// <summary>HTTP routes of the listener.</summary>
    public EquatableArray<RouteSnapshot> Routes { get; init; } = [];

    /// <summary>TLS that the listener terminates; null for a listener without TLS and for TLS that is passed through.</summary>
    public ServerTlsSnapshot? Tls { get; init; }

    /// <summary>Routes of a TCP or TLS listener.</summary>
    public EquatableArray<TcpRouteSnapshot> TcpRoutes { get; init; } = [];

    /// <summary>Policies of the gateway phase, which run before routing: the listener's own, else the gateway's, for each kind.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Backend policies targeted at the listener or the gateway: the least specific level.</summary>
    public EquatableArray<PolicySnapshot> BackendPolicies { get; init; } = [];
}
