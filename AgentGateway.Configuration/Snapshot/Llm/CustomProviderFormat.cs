using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A format of a custom provider.</summary>
public sealed record CustomProviderFormat
{
    internal static Shape<CustomProviderFormat> Shape { get; } = Shapes.Object("CustomProviderFormat", "A format of a custom provider.", Read);

    /// <summary>Format.</summary>
    public required ProviderFormat Type { get; init; }

    /// <summary>Its path; the format's own by default.</summary>
    public string? Path { get; init; }

    private static CustomProviderFormat Read(ObjectReader r) => new()
    {
        Type = r.Required("type", EnumShapes.ProviderFormatWords, "Format."),
        Path = r.Optional("path", Shapes.Text, "Its path; the format's own by default.", "/v1/chat/completions"),
    };
}
