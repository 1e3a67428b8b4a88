using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>Guards of prompts and answers.</summary>
public sealed record PromptGuard
{
    internal static Shape<PromptGuard> Shape { get; } = Shapes.Object("PromptGuard", "Guards of prompts and answers.", Read);

    /// <summary>Whether streamed answers are guarded.</summary>
    public StreamingGuard? Streaming { get; init; }

    /// <summary>Guards of prompts, in order.</summary>
    public EquatableArray<RequestGuard> Request { get; init; } = [];

    /// <summary>Guards of answers, in order.</summary>
    public EquatableArray<ResponseGuard> Response { get; init; } = [];

    private static PromptGuard Read(ObjectReader r) => new()
    {
        Streaming = r.OptionalValue("streaming", EnumShapes.StreamingGuardWords, "Whether streamed answers are guarded."),
        Request = r.List("request", RequestGuard.Shape, "Guards of prompts, in order."),
        Response = r.List("response", ResponseGuard.Shape, "Guards of answers, in order."),
    };
}
