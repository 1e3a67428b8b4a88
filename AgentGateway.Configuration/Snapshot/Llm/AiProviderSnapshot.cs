using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A provider of an LLM backend.</summary>
public sealed record AiProviderSnapshot
{
    internal static Shape<AiProviderSnapshot> Shape { get; } = Shapes.Object("AiProviderSnapshot", "A provider of an LLM backend.", Read);

    /// <summary>Name in logs.</summary>
    public required string Name { get; init; }

    /// <summary>The provider.</summary>
    public required AiProvider Provider { get; init; }

    /// <summary>Address instead of the provider's own; without default TLS and credentials.</summary>
    public TargetAddress? HostOverride { get; init; }

    /// <summary>Path instead of the provider's own.</summary>
    public string? PathOverride { get; init; }

    /// <summary>Path in front of the provider's own.</summary>
    public string? PathPrefix { get; init; }

    /// <summary>Count prompt tokens before the call.</summary>
    public bool Tokenize { get; init; }

    /// <summary>Policies of the connection to the provider.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static AiProviderSnapshot Read(ObjectReader r)
    {
        var v = new AiProviderSnapshot
        {
            Name = r.Required("name", Shapes.NonEmptyText, "Name in logs.", "openai"),
            Provider = r.Required("provider", AiProvider.Shape, "The provider.", "{openAI: {model: gpt-4o-mini}}"),
            HostOverride = r.Optional("hostOverride", AddressShape.Target, "Address instead of the provider's own; without default TLS and credentials.", "localhost:8000"),
            PathOverride = r.Optional("pathOverride", Shapes.Text, "Path instead of the provider's own.", "/v1/chat/completions"),
            PathPrefix = r.Optional("pathPrefix", Shapes.Text, "Path in front of the provider's own.", "/api"),
            Tokenize = r.Value("tokenize", Shapes.Flag, false, "Count prompt tokens before the call.", "false"),
            Policies = r.Value("policies", PolicySetShapes.Backend, [], "Policies of the connection to the provider.", "{}"),
        };
        if (v.Provider.Custom is not null && v.HostOverride is null)
        {
            r.Error("a custom provider has no host of its own; set hostOverride");
        }

        if (r.HasInside("policies", "inferenceRouting"))
        {
            r.Error("policies", "inferenceRouting", "inferenceRouting is only supported on service route backends, not AI provider policies");
        }

        return v;
    }
}
