using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Static;

/// <summary>Fields of log lines.</summary>
public sealed record LoggingFields
{
    internal static Shape<LoggingFields> Shape { get; } = Shapes.Object("LoggingFields", "Fields of log lines.", Read);

    /// <summary>Fields to leave out.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Fields to add, in order.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    private static LoggingFields Read(ObjectReader r) => new()
    {
        Remove = r.List("remove", Shapes.Text, "Fields to leave out.", "[\"http.version\"]"),
        Add = r.Map("add", Expression.Shape, "Fields to add, in order.", "user", "jwt.sub"),
    };
}
