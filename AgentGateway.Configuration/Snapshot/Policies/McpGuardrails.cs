using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>External checks of MCP calls.</summary>
public sealed record McpGuardrails : PolicySnapshot
{
    internal static Shape<McpGuardrails> Shape { get; } = Shapes.Object("McpGuardrails", "External checks of MCP calls.", Read);

    /// <summary>Checks, asked in order.</summary>
    public required EquatableArray<McpGuardrailProcessor> Processors { get; init; }

    private static McpGuardrails Read(ObjectReader r) => new()
    {
        Processors = r.Required("processors", Shapes.List(McpGuardrailProcessor.Shape), "Checks, asked in order."),
    };
}
