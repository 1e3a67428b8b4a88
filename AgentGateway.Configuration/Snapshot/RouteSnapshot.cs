using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>An HTTP route: what it matches, the policies that apply, the backends it chooses from.</summary>
public sealed record RouteSnapshot
{
    /// <summary>Runtime key, the tie-break of equal matches: <c>&lt;listenerKey&gt;/&lt;namespace&gt;/&lt;route&gt;</c>.</summary>
    public required string Key { get; init; }

    /// <summary>
    /// Under what the state of policies outlives a reload; <see cref="Key"/> by default. A route without a name is known by what it matches, so
    /// that it does not depend on the routes before it.
    /// </summary>
    public string StateKey
    {
        get => field ?? Key;
        init;
    }

    /// <summary>Name as <c>namespace/name</c>, such as <c>default/route0</c>. Shown as <c>route</c> in logs, metrics and spans.</summary>
    public required string Name { get; init; }

    /// <summary>Name of the rule inside the route, when one is given.</summary>
    public string? RuleName { get; init; }

    /// <summary>Exact host names or <c>*.suffix</c> patterns; empty means any host.</summary>
    public EquatableArray<string> Hostnames { get; init; } = [];

    /// <summary>Alternatives; a request must satisfy one of them.</summary>
    public EquatableArray<RouteMatchSnapshot> Matches { get; init; } = [RouteMatchSnapshot.Any];

    /// <summary>Weighted backends; empty means that a policy must answer, or the request fails with 500 <c>no valid backends</c>.</summary>
    public EquatableArray<RouteBackendSnapshot> Backends { get; init; } = [];

    /// <summary>
    /// Policies of the route, one of each kind, already merged over gateway, listener, route and inline level. Those of a backend kind
    /// (<c>backendAuth</c>, <c>backendTLS</c>...) apply to each backend of the route.
    /// </summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}
