using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One set of entries that is counted.</summary>
public sealed record RateLimitDescriptor
{
    internal static Shape<RateLimitDescriptor> Shape { get; } = Shapes.Object("RateLimitDescriptor", "One set of entries that is counted.", Read);

    /// <summary>Entries; a descriptor whose expression fails is dropped.</summary>
    public required EquatableArray<RateLimitEntry> Entries { get; init; }

    /// <summary>What is counted.</summary>
    public RateLimitType Type { get; init; }

    /// <summary>What one request counts; 1 by default.</summary>
    public Expression? Cost { get; init; }

    /// <summary>Limit that replaces the service's own.</summary>
    public Expression? LimitOverride { get; init; }

    private static RateLimitDescriptor Read(ObjectReader r) => new()
    {
        Entries = r.Required("entries", Shapes.List(RateLimitEntry.Shape), "Entries; a descriptor whose expression fails is dropped."),
        Type = r.Value("type", EnumShapes.RateLimitTypeWords, RateLimitType.Requests, "What is counted.", "requests"),
        Cost = r.Optional("cost", Expression.Shape, "What one request counts; 1 by default.", "\"1\""),
        LimitOverride = r.Optional("limitOverride", Expression.Shape, "Limit that replaces the service's own.", "'{\"requestsPerUnit\": 10, \"unit\": \"MINUTE\"}'"),
    };
}
