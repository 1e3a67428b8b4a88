using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Answers without a backend.</summary>
public sealed record DirectResponse : PolicySnapshot
{
    internal static Shape<DirectResponse> Shape { get; } = Shapes.Object("DirectResponse", "Answers without a backend.", Read);

    internal static Shape<PolicySnapshot> ConditionalShape { get; } = Conditional.Shape("DirectResponse", "Answers without a backend.", Shape, Read);

    /// <summary>Status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Body of the answer.</summary>
    public BodyText? Body { get; init; }

    /// <summary>Expression that gives the body.</summary>
    public Expression? BodyExpression { get; init; }

    /// <summary>Headers of the answer, by expression.</summary>
    public EquatableMap<Expression> Headers { get; init; } = EquatableMap<Expression>.Empty;

    private static DirectResponse Read(ObjectReader r)
    {
        var v = new DirectResponse
        {
            Status = r.Required("status", Shapes.Int(200, 599, "200"), "Status of the answer."),
            Body = r.Optional("body", BodyText.Shape, "Body of the answer.", "hello"),
            BodyExpression = r.Optional("bodyExpression", Expression.Shape, "Expression that gives the body.", "'\"hello \" + request.path'"),
            Headers = r.HeaderMap("headers", Expression.Shape, "Headers of the answer, by expression.", "content-type", "'\"text/plain\"'"),
        };
        r.AtMostOne("body", "bodyExpression");
        return v;
    }
}
