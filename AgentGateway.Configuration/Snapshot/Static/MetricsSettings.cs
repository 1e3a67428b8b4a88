using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Metrics.</summary>
public sealed record MetricsSettings
{
    internal static Shape<MetricsSettings> Shape { get; } = Shapes.Object("MetricsSettings", "Metrics.", Read);

    /// <summary>Metrics to leave out, with or without prefix, <c>_total</c> and unit.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Labels to add.</summary>
    public MetricFields? Fields { get; init; }

    private static MetricsSettings Read(ObjectReader r) => new()
    {
        Remove = r.List("remove", Shapes.Text, "Metrics to leave out, with or without prefix, `_total` and unit.", "[\"retries_total\"]"),
        Fields = r.Optional("fields", MetricFields.Shape, "Labels to add."),
    };
}
