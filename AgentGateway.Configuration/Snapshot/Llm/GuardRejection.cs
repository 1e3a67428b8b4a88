using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>The answer to what a guard refuses.</summary>
public sealed record GuardRejection
{
    internal static Shape<GuardRejection> Shape { get; } = Shapes.Object("GuardRejection", "The answer to what a guard refuses.", Read);

    /// <summary>Body; a fixed sentence by default.</summary>
    public BodyText? Body { get; init; }

    /// <summary>Status.</summary>
    public int Status { get; init; } = 403;

    /// <summary>Headers of the answer.</summary>
    public HeaderModifier? Headers { get; init; }

    private static GuardRejection Read(ObjectReader r) => new()
    {
        Body = r.Optional("body", BodyText.Shape, "Body; a fixed sentence by default.", "refused"),
        Status = r.Value("status", ValueShapes.Status, 403, "Status.", "403"),
        Headers = r.Optional("headers", HeaderModifier.Shape, "Headers of the answer."),
    };
}
