using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Time limits of a request; exceeded, it gets 504.</summary>
public sealed record TimeoutPolicy : PolicySnapshot
{
    internal static Shape<TimeoutPolicy> Shape { get; } = Shapes.Object("TimeoutPolicy", "Time limits of a request; exceeded, it gets 504.", Read);

    /// <summary>Longest time from the request to the response headers, over all attempts.</summary>
    public TimeSpan? RequestTimeout { get; init; }

    /// <summary>Longest time of one attempt.</summary>
    public TimeSpan? BackendRequestTimeout { get; init; }

    private static TimeoutPolicy Read(ObjectReader r) => new()
    {
        RequestTimeout = r.OptionalValue("requestTimeout", Shapes.PositiveDuration, "Longest time from the request to the response headers, over all attempts."),
        BackendRequestTimeout = r.OptionalValue("backendRequestTimeout", Shapes.PositiveDuration, "Longest time of one attempt."),
    };
}
