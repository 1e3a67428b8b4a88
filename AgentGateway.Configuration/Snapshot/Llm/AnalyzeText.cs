using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Analysis of harm.</summary>
public sealed record AnalyzeText
{
    internal static Shape<AnalyzeText> Shape { get; } = Shapes.Object("AnalyzeText", "Analysis of harm.", Read);

    /// <summary>Severity from which a text is refused.</summary>
    public int? SeverityThreshold { get; init; }

    /// <summary>Version of the API.</summary>
    public string? ApiVersion { get; init; }

    /// <summary>Block lists.</summary>
    public EquatableArray<string> BlocklistNames { get; init; } = [];

    /// <summary>Stop at the first hit of a block list.</summary>
    public bool? HaltOnBlocklistHit { get; init; }

    private static AnalyzeText Read(ObjectReader r) => new()
    {
        SeverityThreshold = r.OptionalValue("severityThreshold", Shapes.Int(0, 7, "1"), "Severity from which a text is refused."),
        ApiVersion = r.Optional("apiVersion", Shapes.NonEmptyText, "Version of the API.", "\"2024-09-01\""),
        BlocklistNames = r.List("blocklistNames", Shapes.Text, "Block lists.", "[\"words\"]"),
        HaltOnBlocklistHit = r.OptionalValue("haltOnBlocklistHit", Shapes.Flag, "Stop at the first hit of a block list."),
    };
}
