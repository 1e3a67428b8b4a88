using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Takes failing endpoints out of use for a while.</summary>
public sealed record HealthPolicy : PolicySnapshot
{
    internal static Shape<HealthPolicy> Shape { get; } = Shapes.Object("HealthPolicy", "Takes failing endpoints out of use for a while.", Read);

    /// <summary>Which responses count as failures; connection failures by default.</summary>
    public Expression? UnhealthyExpression { get; init; }

    /// <summary>When and for how long an endpoint is taken out.</summary>
    public Eviction? Eviction { get; init; }

    private static HealthPolicy Read(ObjectReader r) => new()
    {
        UnhealthyExpression = r.Optional("unhealthyExpression", Expression.Shape, "Which responses count as failures; connection failures by default.", "response.code >= 500"),
        Eviction = r.Optional("eviction", Eviction.Shape, "When and for how long an endpoint is taken out."),
    };
}
