using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>What a moderation result does.</summary>
public sealed record OpenAiModerationConfig
{
    internal static Shape<OpenAiModerationConfig> Shape { get; } = Shapes.Object("OpenAiModerationConfig", "What a moderation result does.", Read);

    /// <summary>What it does.</summary>
    public required ModerationMode Mode { get; init; }

    private static OpenAiModerationConfig Read(ObjectReader r) => new()
    {
        Mode = r.Required("mode", EnumShapes.ModerationModeWords, "What it does."),
    };
}
