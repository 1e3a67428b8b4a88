using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A name that stands for other models.</summary>
public sealed record LlmVirtualModel
{
    internal static Shape<LlmVirtualModel> Shape { get; } = Shapes.Object("LlmVirtualModel", "A name that stands for other models.", Read);

    /// <summary>Name that clients ask for.</summary>
    public required string Name { get; init; }

    /// <summary>How a model is chosen.</summary>
    public required LlmVirtualRouting Routing { get; init; }

    private static LlmVirtualModel Read(ObjectReader r) => new()
    {
        Name = r.Required("name", Shapes.NonEmptyText, "Name that clients ask for.", "smart"),
        Routing = r.Required("routing", LlmVirtualRouting.Shape, "How a model is chosen.", "{weighted: {targets: [{model: gpt-4o}]}}"),
    };
}
