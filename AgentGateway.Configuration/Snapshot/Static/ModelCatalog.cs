using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Prices of models by provider.</summary>
public sealed record ModelCatalog
{
    internal static Shape<ModelCatalog> Shape { get; } = Shapes.Object("ModelCatalog", "Prices of models by provider.", Read);

    /// <summary>Providers by telemetry name.</summary>
    public EquatableMap<CatalogProvider> Providers { get; init; } = EquatableMap<CatalogProvider>.Empty;

    private static ModelCatalog Read(ObjectReader r) => new()
    {
        Providers = r.Map("providers", CatalogProvider.Shape, "Providers by telemetry name.", "openai", "{}"),
    };
}
