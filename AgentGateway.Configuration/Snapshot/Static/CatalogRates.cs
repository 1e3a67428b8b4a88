using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Prices in US dollars for a million tokens, as strings.</summary>
public sealed record CatalogRates
{
    internal static Shape<CatalogRates> Shape { get; } = Shapes.Object("CatalogRates", "Prices in US dollars for a million tokens, as strings.", Read);

    /// <summary>Input.</summary>
    public string? Input { get; init; }

    /// <summary>Output.</summary>
    public string? Output { get; init; }

    /// <summary>Input read from a cache.</summary>
    public string? CacheRead { get; init; }

    /// <summary>Input written to a cache.</summary>
    public string? CacheWrite { get; init; }

    /// <summary>Reasoning; as output by default.</summary>
    public string? Reasoning { get; init; }

    /// <summary>Audio input; as input by default.</summary>
    public string? InputAudio { get; init; }

    /// <summary>Audio output; as output by default.</summary>
    public string? OutputAudio { get; init; }

    private static CatalogRates Read(ObjectReader r) => new()
    {
        Input = r.Optional("input", ValueShapes.Money, "Input.", "\"2.5\""),
        Output = r.Optional("output", ValueShapes.Money, "Output.", "\"10\""),
        CacheRead = r.Optional("cacheRead", ValueShapes.Money, "Input read from a cache.", "\"1.25\""),
        CacheWrite = r.Optional("cacheWrite", ValueShapes.Money, "Input written to a cache.", "\"3.75\""),
        Reasoning = r.Optional("reasoning", ValueShapes.Money, "Reasoning; as output by default.", "\"10\""),
        InputAudio = r.Optional("inputAudio", ValueShapes.Money, "Audio input; as input by default.", "\"40\""),
        OutputAudio = r.Optional("outputAudio", ValueShapes.Money, "Audio output; as output by default.", "\"80\""),
    };
}
