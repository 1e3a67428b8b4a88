using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Models of a provider.</summary>
public sealed record CatalogProvider
{
    internal static Shape<CatalogProvider> Shape { get; } = Shapes.Object("CatalogProvider", "Models of a provider.", Read);

    /// <summary>Models by id.</summary>
    public EquatableMap<CatalogModel> Models { get; init; } = EquatableMap<CatalogModel>.Empty;

    private static CatalogProvider Read(ObjectReader r) => new()
    {
        Models = r.Map("models", CatalogModel.Shape, "Models by id.", "gpt-4o", "{}"),
    };
}
