using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Keeps answers of the service.</summary>
public sealed record ExtAuthzCache
{
    internal static Shape<ExtAuthzCache> Shape { get; } = Shapes.Object("ExtAuthzCache", "Keeps answers of the service.", Read);

    /// <summary>Expressions that together are the key.</summary>
    public required EquatableArray<Expression> Key { get; init; }

    /// <summary>Expression that gives a duration or seconds.</summary>
    public required Expression Ttl { get; init; }

    /// <summary>Most answers kept.</summary>
    public int MaxEntries { get; init; } = 10000;

    private static ExtAuthzCache Read(ObjectReader r) => new()
    {
        Key = r.Required("key", Shapes.List(Expression.Shape), "Expressions that together are the key.", "[\"request.headers[\\\"authorization\\\"]\"]"),
        Ttl = r.Required("ttl", Expression.Shape, "Expression that gives a duration or seconds.", "duration(\"60s\")"),
        MaxEntries = r.Value("maxEntries", Shapes.Int(1, 10000000, "10000"), 10000, "Most answers kept.", "10000"),
    };
}
