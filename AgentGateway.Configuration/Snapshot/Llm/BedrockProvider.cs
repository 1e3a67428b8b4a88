using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Amazon Bedrock.</summary>
public sealed record BedrockProvider
{
    internal static Shape<BedrockProvider> Shape { get; } = Shapes.Object("BedrockProvider", "Amazon Bedrock.", Read);

    /// <summary>Model that replaces the request's.</summary>
    public string? Model { get; init; }

    /// <summary>Region.</summary>
    public required string Region { get; init; }

    /// <summary>Guardrail.</summary>
    public string? GuardrailIdentifier { get; init; }

    /// <summary>Its version.</summary>
    public string? GuardrailVersion { get; init; }

    private static BedrockProvider Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Model that replaces the request's.", "amazon.nova-micro-v1:0"),
        Region = r.Required("region", Shapes.NonEmptyText, "Region.", "us-west-2"),
        GuardrailIdentifier = r.Optional("guardrailIdentifier", Shapes.NonEmptyText, "Guardrail.", "my-guardrail"),
        GuardrailVersion = r.Optional("guardrailVersion", Shapes.NonEmptyText, "Its version.", "DRAFT"),
    };
}
