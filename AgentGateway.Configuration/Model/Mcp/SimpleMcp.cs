using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>The short form of one MCP endpoint.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="PortAt">Where its port stands.</param>
/// <param name="Port">Own port, if any.</param>
/// <param name="Backend">The servers.</param>
internal sealed record SimpleMcp(SourceLocation At, SourceLocation PortAt, int? Port, McpBackend Backend)
{
    public static Shape<SimpleMcp> Shape { get; } = Shapes.Object("SimpleMcp", "One MCP endpoint on a port of its own or on a gateway.", static r => new SimpleMcp(
        r.Location,
        r.At("port"),
        r.OptionalValue("port", Shapes.Port, "Own port; 3000 when there is no gateway to attach to.", "3000"),
        McpBackend.Read(r)));
}
