using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Prices from a context length on.</summary>
public sealed record CatalogTier
{
    internal static Shape<CatalogTier> Shape { get; } = Shapes.Object("CatalogTier", "Prices from a context length on.", Read);

    /// <summary>Tokens that the context must exceed.</summary>
    public required long ContextOver { get; init; }

    /// <summary>Prices.</summary>
    public required CatalogRates Rates { get; init; }

    private static CatalogTier Read(ObjectReader r) => new()
    {
        ContextOver = r.Required("contextOver", Shapes.Long(0, 9007199254740991, "200000"), "Tokens that the context must exceed."),
        Rates = r.Required("rates", CatalogRates.Shape, "Prices."),
    };
}
