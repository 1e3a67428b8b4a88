using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A provider that models refer to.</summary>
public sealed record LlmProvider
{
    internal static Shape<LlmProvider> Shape { get; } = Shapes.Object("LlmProvider", "A provider that models refer to.", Read);

    /// <summary>Name.</summary>
    public required string Name { get; init; }

    /// <summary>The provider.</summary>
    public required LlmProviderChoice Provider { get; init; }

    /// <summary>Settings of the provider.</summary>
    public LlmParams? Params { get; init; }

    /// <summary>Defaults that its models inherit.</summary>
    public LlmProviderDefaults? Defaults { get; init; }

    private static LlmProvider Read(ObjectReader r) => new()
    {
        Name = r.Required("name", Shapes.NonEmptyText, "Name.", "main"),
        Provider = r.Required("provider", LlmProviderChoice.Shape, "The provider.", "openAI"),
        Params = r.Optional("params", LlmParams.Shape, "Settings of the provider."),
        Defaults = r.Optional("defaults", LlmProviderDefaults.Shape, "Defaults that its models inherit."),
    };
}
