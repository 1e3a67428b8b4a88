using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What an external processor sees.</summary>
public sealed record ExtProcOptions
{
    internal static Shape<ExtProcOptions> Shape { get; } = Shapes.Object("ExtProcOptions", "What an external processor sees.", Read);

    /// <summary>The request body.</summary>
    public BodySendMode RequestBodyMode { get; init; }

    /// <summary>The response body.</summary>
    public BodySendMode ResponseBodyMode { get; init; }

    /// <summary>Request headers.</summary>
    public SendMode RequestHeaderMode { get; init; }

    /// <summary>Response headers.</summary>
    public SendMode ResponseHeaderMode { get; init; }

    /// <summary>Request trailers.</summary>
    public SendMode RequestTrailerMode { get; init; }

    /// <summary>Response trailers.</summary>
    public SendMode ResponseTrailerMode { get; init; }

    /// <summary>The processor may change these modes.</summary>
    public bool AllowModeOverride { get; init; }

    private static ExtProcOptions Read(ObjectReader r) => new()
    {
        RequestBodyMode = r.Value("requestBodyMode", EnumShapes.BodySendModeWords, BodySendMode.FullDuplexStreamed, "The request body.", "fullDuplexStreamed"),
        ResponseBodyMode = r.Value("responseBodyMode", EnumShapes.BodySendModeWords, BodySendMode.FullDuplexStreamed, "The response body.", "fullDuplexStreamed"),
        RequestHeaderMode = r.Value("requestHeaderMode", EnumShapes.SendModeWords, SendMode.Send, "Request headers.", "send"),
        ResponseHeaderMode = r.Value("responseHeaderMode", EnumShapes.SendModeWords, SendMode.Send, "Response headers.", "send"),
        RequestTrailerMode = r.Value("requestTrailerMode", EnumShapes.SendModeWords, SendMode.Send, "Request trailers.", "send"),
        ResponseTrailerMode = r.Value("responseTrailerMode", EnumShapes.SendModeWords, SendMode.Send, "Response trailers.", "send"),
        AllowModeOverride = r.Value("allowModeOverride", Shapes.Flag, false, "The processor may change these modes.", "false"),
    };
}
