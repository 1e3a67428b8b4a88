using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Moderation by the provider itself.</summary>
public sealed record OpenAiModeration
{
    internal static Shape<OpenAiModeration> Shape { get; } = Shapes.Object("OpenAiModeration", "Moderation by the provider itself.", Read);

    /// <summary>Moderation model.</summary>
    public string Model { get; init; } = "omni-moderation-latest";

    /// <summary>What results do.</summary>
    public OpenAiModerationPolicy? Policy { get; init; }

    private static OpenAiModeration Read(ObjectReader r) => new()
    {
        Model = r.Value("model", Shapes.Text, "omni-moderation-latest", "Moderation model.", "omni-moderation-latest"),
        Policy = r.Optional("policy", OpenAiModerationPolicy.Shape, "What results do."),
    };
}
