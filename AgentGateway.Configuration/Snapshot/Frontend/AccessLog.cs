using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>The access log.</summary>
public sealed record AccessLog
{
    internal static Shape<AccessLog> Shape { get; } = Shapes.Object("AccessLog", "The access log.", Read);

    /// <summary>Keeps the lines for which it holds.</summary>
    public Expression? Filter { get; init; }

    /// <summary>Fields to add, in order; they replace default ones of the same name.</summary>
    public EquatableMap<Expression> Add { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Fields to leave out.</summary>
    public EquatableArray<string> Remove { get; init; } = [];

    /// <summary>Export over OTLP.</summary>
    public OtlpLog? Otlp { get; init; }

    /// <summary>The request database.</summary>
    public DatabaseLog? Database { get; init; }

    private static AccessLog Read(ObjectReader r) => new()
    {
        Filter = r.Optional("filter", Expression.Shape, "Keeps the lines for which it holds.", "response.code >= 400"),
        Add = r.Map("add", Expression.Shape, "Fields to add, in order; they replace default ones of the same name.", "user", "jwt.sub"),
        Remove = r.List("remove", Shapes.Text, "Fields to leave out.", "[\"http.version\"]"),
        Otlp = r.Optional("otlp", OtlpLog.Shape, "Export over OTLP."),
        Database = r.Optional("database", DatabaseLog.Shape, "The request database."),
    };
}
