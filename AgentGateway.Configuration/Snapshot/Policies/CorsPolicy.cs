using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Cross-origin resource sharing.</summary>
public sealed record CorsPolicy : PolicySnapshot
{
    internal static Shape<CorsPolicy> Shape { get; } = Shapes.Object("CorsPolicy", "Cross-origin resource sharing.", Read);

    /// <summary>Allow cookies and authorization.</summary>
    public bool AllowCredentials { get; init; }

    /// <summary>Request headers that are allowed; <c>*</c> for all.</summary>
    public EquatableArray<string> AllowHeaders { get; init; } = [];

    /// <summary>Methods that are allowed; <c>*</c> for all.</summary>
    public EquatableArray<string> AllowMethods { get; init; } = [];

    /// <summary>Origins that are allowed: exact, with <c>*</c> in the host, or <c>*</c> for all.</summary>
    public EquatableArray<string> AllowOrigins { get; init; } = [];

    /// <summary>Response headers that scripts may read.</summary>
    public EquatableArray<string> ExposeHeaders { get; init; } = [];

    /// <summary>How long browsers may keep the answer.</summary>
    public TimeSpan? MaxAge { get; init; }

    private static CorsPolicy Read(ObjectReader r) => new()
    {
        AllowCredentials = r.Value("allowCredentials", Shapes.Flag, false, "Allow cookies and authorization.", "false"),
        AllowHeaders = r.List("allowHeaders", HeaderShapes.Token, "Request headers that are allowed; `*` for all.", "[\"content-type\"]"),
        AllowMethods = r.List("allowMethods", HeaderShapes.Token, "Methods that are allowed; `*` for all.", "[\"GET\", \"POST\"]"),
        AllowOrigins = r.List("allowOrigins", ValueShapes.Origin, "Origins that are allowed: exact, with `*` in the host, or `*` for all.", "[\"https://*.example.com\"]"),
        ExposeHeaders = r.List("exposeHeaders", HeaderShapes.Token, "Response headers that scripts may read.", "[\"mcp-session-id\"]"),
        MaxAge = r.OptionalValue("maxAge", Shapes.Duration, "How long browsers may keep the answer.", "10m"),
    };
}
