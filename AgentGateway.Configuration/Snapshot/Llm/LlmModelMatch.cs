using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Conditions on a request for a model.</summary>
public sealed record LlmModelMatch
{
    internal static Shape<LlmModelMatch> Shape { get; } = Shapes.Object("LlmModelMatch", "Conditions on a request for a model.", Read);

    /// <summary>Conditions on headers, all of which must hold.</summary>
    public EquatableArray<HeaderMatchSnapshot> Headers { get; init; } = [];

    private static LlmModelMatch Read(ObjectReader r) => new()
    {
        Headers = r.List("headers", TrafficShapes.HeaderMatch, "Conditions on headers, all of which must hold."),
    };
}
