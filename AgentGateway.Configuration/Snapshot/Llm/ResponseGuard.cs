using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A guard of answers; exactly one kind.</summary>
public sealed record ResponseGuard
{
    internal static Shape<ResponseGuard> Shape { get; } = Shapes.Object("ResponseGuard", "A guard of answers; exactly one kind.", Read);

    /// <summary>The answer in place of a refused one.</summary>
    public GuardRejection? Rejection { get; init; }

    /// <summary>Patterns.</summary>
    public RegexGuard? Regex { get; init; }

    /// <summary>A service of one's own.</summary>
    public GuardWebhook? Webhook { get; init; }

    /// <summary>Amazon Bedrock Guardrails.</summary>
    public BedrockGuard? BedrockGuardrails { get; init; }

    /// <summary>Google Model Armor.</summary>
    public ModelArmorGuard? GoogleModelArmor { get; init; }

    /// <summary>Azure AI Content Safety.</summary>
    public ContentSafetyGuard? AzureContentSafety { get; init; }

    private static ResponseGuard Read(ObjectReader r)
    {
        var v = new ResponseGuard
        {
            Rejection = r.Optional("rejection", GuardRejection.Shape, "The answer in place of a refused one."),
            Regex = r.Optional("regex", RegexGuard.Shape, "Patterns."),
            Webhook = r.Optional("webhook", GuardWebhook.Shape, "A service of one's own."),
            BedrockGuardrails = r.Optional("bedrockGuardrails", BedrockGuard.Shape, "Amazon Bedrock Guardrails."),
            GoogleModelArmor = r.Optional("googleModelArmor", ModelArmorGuard.Shape, "Google Model Armor."),
            AzureContentSafety = r.Optional("azureContentSafety", ContentSafetyGuard.Shape, "Azure AI Content Safety."),
        };
        r.ExactlyOne("regex", "webhook", "bedrockGuardrails", "googleModelArmor", "azureContentSafety");
        return v;
    }
}
