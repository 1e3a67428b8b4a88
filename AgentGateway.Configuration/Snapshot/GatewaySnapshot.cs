using AgentGateway.Configuration.Snapshot.Frontend;
using AgentGateway.Configuration.Snapshot.Llm;

namespace AgentGateway.Configuration.Snapshot;

/// <summary>
/// Everything the gateway runs on: one configuration document, validated and normalised. Immutable; a reload builds the next one aside
/// and swaps a single reference, and a request sees one snapshot from start to end.
/// </summary>
public sealed record GatewaySnapshot
{
    /// <summary>A snapshot of an empty document: no ports are opened.</summary>
    public static GatewaySnapshot Empty { get; } = new();

    /// <summary>Ports with their listeners, in the order of the document (<c>binds</c>, then <c>gateways</c>, <c>llm</c>, <c>mcp</c>).</summary>
    public EquatableArray<BindSnapshot> Binds { get; init; } = [];

    /// <summary>Named backends by runtime key, which is <c>/</c> followed by the name.</summary>
    public EquatableMap<BackendSnapshot> Backends { get; init; } = EquatableMap<BackendSnapshot>.Empty;

    /// <summary>Where and how request traces are exported; null when the document configures no tracing.</summary>
    public TracingSnapshot? Tracing { get; init; }

    /// <summary>How connections and requests are treated before routing.</summary>
    public FrontendSnapshot Frontend { get; init; } = new();

    /// <summary>Fields and filter of the access log.</summary>
    public AccessLog AccessLog { get; init; } = new();

    /// <summary>Sets of routes that route backends delegate to, by name.</summary>
    public EquatableMap<EquatableArray<RouteSnapshot>> RouteGroups { get; init; } = EquatableMap<EquatableArray<RouteSnapshot>>.Empty;

    /// <summary>Services of the registry with their endpoints.</summary>
    public EquatableArray<ServiceSnapshot> Services { get; init; } = [];

    /// <summary>Models of the <c>llm</c> section; null without one.</summary>
    public LlmSnapshot? Llm { get; init; }
}
