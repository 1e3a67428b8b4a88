using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Tries another backend after a failure. Bodies are replayed up to 64 KiB.</summary>
public sealed record RetryPolicy : PolicySnapshot
{
    internal static Shape<RetryPolicy> Shape { get; } = Shapes.Object("RetryPolicy", "Tries another backend after a failure. Bodies are replayed up to 64 KiB.", Read);

    /// <summary>Further attempts after the first.</summary>
    public int Attempts { get; init; } = 1;

    /// <summary>Pause before each further attempt.</summary>
    public TimeSpan? Backoff { get; init; }

    /// <summary>Statuses that are tried again.</summary>
    public required EquatableArray<int> Codes { get; init; }

    /// <summary>Condition on the request for any retry.</summary>
    public Expression? Precondition { get; init; }

    /// <summary>Condition on the response for a retry.</summary>
    public Expression? Condition { get; init; }

    private static RetryPolicy Read(ObjectReader r) => new()
    {
        Attempts = r.Value("attempts", Shapes.Int(0, 255, "1"), 1, "Further attempts after the first.", "1"),
        Backoff = r.OptionalValue("backoff", Shapes.Duration, "Pause before each further attempt.", "100ms"),
        Codes = r.Required("codes", Shapes.List(ValueShapes.Status), "Statuses that are tried again.", "[502, 503]"),
        Precondition = r.Optional("precondition", Expression.Shape, "Condition on the request for any retry.", "request.method == \"GET\""),
        Condition = r.Optional("condition", Expression.Shape, "Condition on the response for a retry.", "response.code == 503"),
    };
}
