using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Any provider that speaks known formats.</summary>
public sealed record CustomProvider
{
    internal static Shape<CustomProvider> Shape { get; } = Shapes.Object("CustomProvider", "Any provider that speaks known formats.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>Provider name in telemetry.</summary>
    public string? ProviderOverride { get; init; }

    /// <summary>Formats that it speaks.</summary>
    public required EquatableArray<CustomProviderFormat> Formats { get; init; }

    private static CustomProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "my-model"),
        ProviderOverride = r.Optional("providerOverride", Shapes.NonEmptyText, "Provider name in telemetry.", "my-provider"),
        Formats = r.Required("formats", Shapes.List(CustomProviderFormat.Shape), "Formats that it speaks."),
    };
}
