using AgentGateway.Configuration.Snapshot.Frontend;

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
}
