using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Sends a copy of requests to another backend and ignores its answer. Bodies are not copied.</summary>
public sealed record RequestMirror : PolicySnapshot
{
    internal static Shape<RequestMirror> Shape { get; } = Shapes.Object("RequestMirror", "Sends a copy of requests to another backend and ignores its answer. Bodies are not copied.", Read);

    /// <summary>Where copies go.</summary>
    public required BackendReference Backend { get; init; }

    /// <summary>Share of requests that are copied, 0 to 1.</summary>
    public required double Percentage { get; init; }

    private static RequestMirror Read(ObjectReader r) => new()
    {
        Backend = r.Required("backend", BackendReference.Shape, "Where copies go."),
        Percentage = r.Required("percentage", Shapes.Number(0, 1, "0.5"), "Share of requests that are copied, 0 to 1."),
    };
}
