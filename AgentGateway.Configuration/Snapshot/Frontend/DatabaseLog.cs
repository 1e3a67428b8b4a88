using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>The request database.</summary>
public sealed record DatabaseLog
{
    internal static Shape<DatabaseLog> Shape { get; } = Shapes.Object("DatabaseLog", "The request database.", Read);

    /// <summary>What is kept of LLM calls.</summary>
    public DatabaseLlmMode? Llm { get; init; }

    /// <summary>Fields to add.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    private static DatabaseLog Read(ObjectReader r) => new()
    {
        Llm = r.OptionalValue("llm", EnumShapes.DatabaseLlmModeWords, "What is kept of LLM calls."),
        Add = r.Map("add", Expression.Shape, "Fields to add.", "user", "jwt.sub"),
    };
}
