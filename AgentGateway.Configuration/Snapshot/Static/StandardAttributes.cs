using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Columns of the request database.</summary>
public sealed record StandardAttributes
{
    internal static Shape<StandardAttributes> Shape { get; } = Shapes.Object("StandardAttributes", "Columns of the request database.", Read);

    /// <summary>Expression that gives the user.</summary>
    public Expression? User { get; init; }

    /// <summary>Expression that gives the group.</summary>
    public Expression? Group { get; init; }

    private static StandardAttributes Read(ObjectReader r) => new()
    {
        User = r.Optional("user", Expression.Shape, "Expression that gives the user.", "jwt.sub"),
        Group = r.Optional("group", Expression.Shape, "Expression that gives the group.", "jwt.team"),
    };
}
