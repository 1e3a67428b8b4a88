namespace AgentGateway.Configuration;

/// <summary>A free JSON value, kept as compact JSON text so that equal values are equal.</summary>
/// <param name="Json">Valid JSON.</param>
public sealed record JsonText(string Json)
{
    /// <summary>An empty object.</summary>
    public static JsonText EmptyObject { get; } = new("{}");

    /// <inheritdoc/>
    public override string ToString() => Json;
}
