using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>HTTP towards an upstream.</summary>
public sealed record BackendHttp : PolicySnapshot
{
    internal static Shape<BackendHttp> Shape { get; } = Shapes.Object("BackendHttp", "HTTP towards an upstream.", Read);

    /// <summary>HTTP version; that of the request by default.</summary>
    public UpstreamHttpVersion? Version { get; init; }

    /// <summary>Longest time of one attempt.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    private static BackendHttp Read(ObjectReader r) => new()
    {
        Version = r.OptionalValue("version", EnumShapes.UpstreamHttpVersionWords, "HTTP version; that of the request by default."),
        RequestTimeout = r.OptionalValue("requestTimeout", Shapes.PositiveDuration, "Longest time of one attempt."),
    };
}
