using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes of a message, in the order metadata, replace, add/set/remove, body.</summary>
public sealed record Transformation
{
    internal static Shape<Transformation> Shape { get; } = Shapes.Object("Transformation", "Changes of a message, in the order metadata, replace, add/set/remove, body.", Read);

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

    private static Transformation Read(ObjectReader r) => new()
    {
        Add = r.HeaderMap("add", Expression.Shape, "Headers to append, by expression; skipped when it fails.", "x-user", "jwt.sub"),
        Set = r.HeaderMap("set", Expression.Shape, "Headers to set, by expression; removed when it fails. Also `:method`, `:path`, `:authority`, `:scheme`, `:status`.", "x-user", "jwt.sub"),
        Remove = r.List("remove", HeaderShapes.Name, "Headers to remove.", "[\"x-internal\"]"),
        Replace = r.Optional("replace", Expression.Shape, "Expression that gives all headers anew.", "request.headers"),
        Body = r.Optional("body", Expression.Shape, "Expression that gives the body.", "json(request.body).message"),
        Metadata = r.Map("metadata", Expression.Shape, "Values seen later as `metadata.<name>`.", "tier", "'\"gold\"'"),
    };
}
