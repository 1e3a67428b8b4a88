using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Chooses headers.</summary>
public sealed record HeaderFilter
{
    internal static Shape<HeaderFilter> Shape { get; } = Shapes.Object("HeaderFilter", "Chooses headers.", Read);

    /// <summary>Only these.</summary>
    public EquatableArray<string>? Allowed { get; init; }

    /// <summary>All but these.</summary>
    public EquatableArray<string>? Disallowed { get; init; }

    private static HeaderFilter Read(ObjectReader r) => new()
    {
        Allowed = r.OptionalValue("allowed", Shapes.List(HeaderShapes.Name), "Only these.", "[\"authorization\"]"),
        Disallowed = r.OptionalValue("disallowed", Shapes.List(HeaderShapes.Name), "All but these.", "[\"cookie\"]"),
    };
}
