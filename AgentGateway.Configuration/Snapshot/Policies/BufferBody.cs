using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Buffering of one body.</summary>
public sealed record BufferBody
{
    internal static Shape<BufferBody> Shape { get; } = Shapes.Object("BufferBody", "Buffering of one body.", Read);

    /// <summary>Largest body in bytes; <c>frontendPolicies.http.maxBufferSize</c> by default.</summary>
    public long? MaxBytes { get; init; }

    /// <summary>What happens to a larger body: 413 or 502, or it streams on.</summary>
    public FailureMode FailureMode { get; init; }

    private static BufferBody Read(ObjectReader r) => new()
    {
        MaxBytes = r.OptionalValue("maxBytes", Shapes.Long(0, 9007199254740991, "1048576"), "Largest body in bytes; `frontendPolicies.http.maxBufferSize` by default."),
        FailureMode = r.Value("failureMode", EnumShapes.FailureModeWords, FailureMode.FailClosed, "What happens to a larger body: 413 or 502, or it streams on.", "failClosed"),
    };
}
