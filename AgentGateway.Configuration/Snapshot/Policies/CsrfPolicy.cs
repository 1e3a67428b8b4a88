using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Refuses cross-site requests that change state.</summary>
public sealed record CsrfPolicy : PolicySnapshot
{
    internal static Shape<CsrfPolicy> Shape { get; } = Shapes.Object("CsrfPolicy", "Refuses cross-site requests that change state.", Read);

    /// <summary>Further origins that are trusted.</summary>
    public EquatableArray<string> AdditionalOrigins { get; init; } = [];

    private static CsrfPolicy Read(ObjectReader r) => new()
    {
        AdditionalOrigins = r.List("additionalOrigins", Shapes.Text, "Further origins that are trusted.", "[\"https://app.example.com\"]"),
    };
}
