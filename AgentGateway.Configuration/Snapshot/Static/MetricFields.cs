using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Labels of metrics.</summary>
public sealed record MetricFields
{
    internal static Shape<MetricFields> Shape { get; } = Shapes.Object("MetricFields", "Labels of metrics.", Read);

    /// <summary>Labels to add.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    private static MetricFields Read(ObjectReader r) => new()
    {
        Add = r.Map("add", Expression.Shape, "Labels to add.", "user", "jwt.sub"),
    };
}
