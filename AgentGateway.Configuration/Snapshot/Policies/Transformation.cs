namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes of a message, in the order metadata, replace, add/set/remove, body.</summary>
public sealed record Transformation
{

    /// <summary>Headers to append, by expression; skipped when it fails.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Headers to set, by expression; removed when it fails. Also <c>:method</c>, <c>:path</c>, <c>:authority</c>, <c>:scheme</c>, <c>:status</c>.</summary>
    public EquatableMap<Expression> Set { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Headers to remove.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Expression that gives all headers anew.</summary>
    public Expression? Replace { get; init; }

    /// <summary>Expression that gives the body.</summary>
    public Expression? Body { get; init; }

    /// <summary>Values seen later as <c>metadata.&lt;name&gt;</c>.</summary>
    public EquatableMap<Expression> Metadata { get; init; } = EquatableMap<Expression>.Empty;

}
