using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes requests and responses by expressions.</summary>
public sealed record TransformationPolicy : PolicySnapshot
{
    internal static Shape<TransformationPolicy> Shape { get; } = Shapes.Object("TransformationPolicy", "Changes requests and responses by expressions.", Read);

    internal static Shape<PolicySnapshot> ConditionalShape { get; } = Conditional.Shape("TransformationPolicy", "Changes requests and responses by expressions.", Shape, Read);

    /// <summary>Changes of the request.</summary>
    public Transformation? Request { get; init; }

    /// <summary>Changes of the response.</summary>
    public Transformation? Response { get; init; }

    private static TransformationPolicy Read(ObjectReader r) => new()
    {
        Request = r.Optional("request", Transformation.Shape, "Changes of the request."),
        Response = r.Optional("response", Transformation.Shape, "Changes of the response."),
    };
}
