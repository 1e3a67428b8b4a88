namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Answers without a backend.</summary>
public sealed record DirectResponse : PolicySnapshot
{

    /// <summary>Status of the answer.</summary>
    public required int Status { get; init; }

    /// <summary>Body of the answer.</summary>
    public BodyText? Body { get; init; }

    /// <summary>Expression that gives the body.</summary>
    public Expression? BodyExpression { get; init; }

    /// <summary>Headers of the answer, by expression.</summary>
    public EquatableMap<Expression> Headers { get; init; } = EquatableMap<Expression>.Empty;

}
