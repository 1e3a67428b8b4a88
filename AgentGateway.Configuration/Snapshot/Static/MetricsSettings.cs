using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Metrics.</summary>
public sealed record MetricsSettings
{
    internal static Shape<MetricsSettings> Shape { get; } = Shapes.Object("MetricsSettings", "Metrics.", Read);

    /// <summary>Labels to leave out.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Labels to add.</summary>
    public MetricFields? Fields { get; init; }

    private static MetricsSettings Read(ObjectReader r) => new()
    {
        Remove = r.List("remove", Shapes.Text, "Labels to leave out.", "[\"route_rule\"]"),
        Fields = r.Optional("fields", MetricFields.Shape, "Labels to add."),
    };
}
