using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>OpenAI moderation.</summary>
public sealed record ModerationGuard
{
    internal static Shape<ModerationGuard> Shape { get; } = Shapes.Object("ModerationGuard", "OpenAI moderation.", Read);

    /// <summary>Moderation model.</summary>
    public string? Model { get; init; }

    /// <summary>Policies of the connection.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    private static ModerationGuard Read(ObjectReader r) => new()
    {
        Model = r.Optional("model", Shapes.NonEmptyText, "Moderation model.", "omni-moderation-latest"),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection.", "{}"),
    };
}
