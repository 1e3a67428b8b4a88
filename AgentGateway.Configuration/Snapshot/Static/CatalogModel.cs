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

    private static CatalogModel Read(ObjectReader r)
    {
        var v = new CatalogModel
        {
            Rates = r.Optional("rates", CatalogRates.Shape, "Prices."),
            Tiers = r.List("tiers", CatalogTier.Shape, "Prices for long contexts, in strictly rising order."),
            Tags = r.List("tags", Shapes.Text, "Marks.", "[\"openai_completions\"]"),
        };
        for (var i = 1; i < v.Tiers.Length; i++)
        {
            if (v.Tiers[i].ContextOver <= v.Tiers[i - 1].ContextOver)
            {
                r.ErrorAt("tiers", i, $"contextOver {v.Tiers[i].ContextOver} does not rise: the tier before it has {v.Tiers[i - 1].ContextOver}");
            }
        }

        return v;
    }
}
