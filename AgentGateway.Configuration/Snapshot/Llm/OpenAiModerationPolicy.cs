using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What moderation results do.</summary>
public sealed record OpenAiModerationPolicy
{
    internal static Shape<OpenAiModerationPolicy> Shape { get; } = Shapes.Object("OpenAiModerationPolicy", "What moderation results do.", Read);

    /// <summary>For prompts.</summary>
    public OpenAiModerationConfig? Input { get; init; }

    /// <summary>For answers.</summary>
    public OpenAiModerationConfig? Output { get; init; }

    private static OpenAiModerationPolicy Read(ObjectReader r) => new()
    {
        Input = r.Optional("input", OpenAiModerationConfig.Shape, "For prompts."),
        Output = r.Optional("output", OpenAiModerationConfig.Shape, "For answers."),
    };
}
