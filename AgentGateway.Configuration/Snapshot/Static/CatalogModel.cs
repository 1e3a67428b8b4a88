using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Prices of a model.</summary>
public sealed record CatalogModel
{
    internal static Shape<CatalogModel> Shape { get; } = Shapes.Object("CatalogModel", "Prices of a model.", Read);

    /// <summary>Prices.</summary>
    public CatalogRates? Rates { get; init; }

    /// <summary>Prices for long contexts, in strictly rising order.</summary>
    public EquatableArray<CatalogTier> Tiers { get; init; } = [];

    /// <summary>Marks.</summary>
    public EquatableArray<string> Tags { get; init; } = [];

    private static CatalogModel Read(ObjectReader r) => new()
    {
        Rates = r.Optional("rates", CatalogRates.Shape, "Prices."),
        Tiers = r.List("tiers", CatalogTier.Shape, "Prices for long contexts, in strictly rising order."),
        Tags = r.List("tags", Shapes.Text, "Marks.", "[\"openai_completions\"]"),
    };
}
