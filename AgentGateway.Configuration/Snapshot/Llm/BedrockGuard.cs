using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Amazon Bedrock Guardrails.</summary>
public sealed record BedrockGuard
{
    internal static Shape<BedrockGuard> Shape { get; } = Shapes.Object("BedrockGuard", "Amazon Bedrock Guardrails.", Read);

    /// <summary>Guardrail.</summary>
    public required string GuardrailIdentifier { get; init; }

    /// <summary>Its version.</summary>
    public required string GuardrailVersion { get; init; }

    /// <summary>Region.</summary>
    public required string Region { get; init; }

    /// <summary>Policies of the connection.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static BedrockGuard Read(ObjectReader r) => new()
    {
        GuardrailIdentifier = r.Required("guardrailIdentifier", Shapes.NonEmptyText, "Guardrail.", "my-guardrail"),
        GuardrailVersion = r.Required("guardrailVersion", Shapes.NonEmptyText, "Its version.", "DRAFT"),
        Region = r.Required("region", Shapes.NonEmptyText, "Region.", "us-west-2"),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection.", "{}"),
    };
}
