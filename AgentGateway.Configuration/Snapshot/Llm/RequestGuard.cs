using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A guard of prompts; exactly one kind.</summary>
public sealed record RequestGuard
{
    internal static Shape<RequestGuard> Shape { get; } = Shapes.Object("RequestGuard", "A guard of prompts; exactly one kind.", Read);

    /// <summary>The answer to a refused request.</summary>
    public GuardRejection? Rejection { get; init; }

    /// <summary>Parts of the prompt that are read; system prompt and messages by default.</summary>
    public EquatableArray<ContentScope>? Scope { get; init; }

    /// <summary>Patterns.</summary>
    public RegexGuard? Regex { get; init; }

    /// <summary>A service of one's own.</summary>
    public GuardWebhook? Webhook { get; init; }

    /// <summary>OpenAI moderation.</summary>
    public ModerationGuard? OpenAIModeration { get; init; }

    /// <summary>Amazon Bedrock Guardrails.</summary>
    public BedrockGuard? BedrockGuardrails { get; init; }

    /// <summary>Google Model Armor.</summary>
    public ModelArmorGuard? GoogleModelArmor { get; init; }

    /// <summary>Azure AI Content Safety.</summary>
    public ContentSafetyGuard? AzureContentSafety { get; init; }

    private static RequestGuard Read(ObjectReader r)
    {
        var v = new RequestGuard
        {
            Rejection = r.Optional("rejection", GuardRejection.Shape, "The answer to a refused request."),
            Scope = r.OptionalValue("scope", Shapes.List(EnumShapes.ContentScopeWords), "Parts of the prompt that are read; system prompt and messages by default.", "[messages]"),
            Regex = r.Optional("regex", RegexGuard.Shape, "Patterns."),
            Webhook = r.Optional("webhook", GuardWebhook.Shape, "A service of one's own."),
            OpenAIModeration = r.Optional("openAIModeration", ModerationGuard.Shape, "OpenAI moderation."),
            BedrockGuardrails = r.Optional("bedrockGuardrails", BedrockGuard.Shape, "Amazon Bedrock Guardrails."),
            GoogleModelArmor = r.Optional("googleModelArmor", ModelArmorGuard.Shape, "Google Model Armor."),
            AzureContentSafety = r.Optional("azureContentSafety", ContentSafetyGuard.Shape, "Azure AI Content Safety."),
        };
        r.ExactlyOne("regex", "webhook", "openAIModeration", "bedrockGuardrails", "googleModelArmor", "azureContentSafety");
        if (v.Scope is { IsEmpty: true })
        {
            r.Error("scope", "scope must not be empty; omit it to use the default (systemPrompt + messages)");
        }

        return v;
    }
}
