using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Envoy's <c>Authorization/Check</c> over gRPC.</summary>
public sealed record ExtAuthzGrpc
{
    internal static Shape<ExtAuthzGrpc> Shape { get; } = Shapes.Object("ExtAuthzGrpc", "Envoy's `Authorization/Check` over gRPC.", Read);

    /// <summary>Context extensions.</summary>
    public EquatableMap<string> Context { get; init; } = EquatableMap<string>.Empty;

    /// <summary>Metadata by expression.</summary>
    public EquatableMap<Expression> Metadata { get; init; } = EquatableMap<Expression>.Empty;

    private static ExtAuthzGrpc Read(ObjectReader r) => new()
    {
        Context = r.Map("context", Shapes.Text, "Context extensions.", "tier", "gold"),
        Metadata = r.Map("metadata", Expression.Shape, "Metadata by expression.", "user", "jwt.sub"),
    };
}
