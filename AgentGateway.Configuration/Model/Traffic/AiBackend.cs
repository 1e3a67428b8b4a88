using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Llm;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>LLM providers in groups of falling priority.</summary>
/// <param name="Groups">Groups; a later one is used when those before are out of use.</param>
internal sealed record AiBackend(EquatableArray<EquatableArray<AiProviderSnapshot>> Groups)
{
    private static readonly Shape<EquatableArray<AiProviderSnapshot>> Group = Shapes.Object("AiProviderGroup", "Providers of equal priority.", static r =>
        r.Required("providers", Shapes.List(AiProviderSnapshot.Shape, 1), "The providers."));

    public static Shape<AiBackend> Shape { get; } = Shapes.ByKey(
        "groups",
        Shapes.Object("AiGroups", "LLM providers in groups of falling priority.", static r =>
            new AiBackend(r.Required("groups", Shapes.List(Group, 1), "Groups; a later one is used when those before are out of use."))),
        AiProviderSnapshot.Shape.As(static provider => new AiBackend([[provider]])));
}
