using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Keeps a whole body before it is passed on.</summary>
public sealed record BufferPolicy : PolicySnapshot
{
    internal static Shape<BufferPolicy> Shape { get; } = Shapes.Object("BufferPolicy", "Keeps a whole body before it is passed on.", Read);

    /// <summary>The request body.</summary>
    public BufferBody? Request { get; init; }

    /// <summary>The response body.</summary>
    public BufferBody? Response { get; init; }

    private static BufferPolicy Read(ObjectReader r) => new()
    {
        Request = r.Optional("request", BufferBody.Shape, "The request body."),
        Response = r.Optional("response", BufferBody.Shape, "The response body."),
    };
}
