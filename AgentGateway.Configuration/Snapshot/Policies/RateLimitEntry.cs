using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One entry of a descriptor.</summary>
public sealed record RateLimitEntry
{
    internal static Shape<RateLimitEntry> Shape { get; } = Shapes.Object("RateLimitEntry", "One entry of a descriptor.", Read);

    /// <summary>Name of the entry.</summary>
    public required string Key { get; init; }

    /// <summary>Expression that gives its value.</summary>
    public required Expression Value { get; init; }

    private static RateLimitEntry Read(ObjectReader r) => new()
    {
        Key = r.Required("key", Shapes.NonEmptyText, "Name of the entry.", "user"),
        Value = r.Required("value", Expression.Shape, "Expression that gives its value.", "jwt.sub"),
    };
}
