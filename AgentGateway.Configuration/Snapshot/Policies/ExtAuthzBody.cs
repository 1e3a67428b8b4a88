using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How much of the body the service sees.</summary>
public sealed record ExtAuthzBody
{
    internal static Shape<ExtAuthzBody> Shape { get; } = Shapes.Object("ExtAuthzBody", "How much of the body the service sees.", Read);

    /// <summary>Most bytes that are sent.</summary>
    public int MaxRequestBytes { get; init; }

    /// <summary>Send the start of a longer body instead of refusing it.</summary>
    public bool AllowPartialMessage { get; init; }

    /// <summary>Send the body as bytes, not as text.</summary>
    public bool PackAsBytes { get; init; }

    private static ExtAuthzBody Read(ObjectReader r) => new()
    {
        MaxRequestBytes = r.Value("maxRequestBytes", Shapes.Int(0, 67108864, "8192"), 0, "Most bytes that are sent.", "0"),
        AllowPartialMessage = r.Value("allowPartialMessage", Shapes.Flag, false, "Send the start of a longer body instead of refusing it.", "false"),
        PackAsBytes = r.Value("packAsBytes", Shapes.Flag, false, "Send the body as bytes, not as text.", "false"),
    };
}
