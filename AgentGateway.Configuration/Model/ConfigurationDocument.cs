using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model;

/// <summary>A whole configuration file as it is written.</summary>
internal sealed record ConfigurationDocument
{
    public static Shape<ConfigurationDocument> Shape { get; } = Shapes.Object("Document", "The configuration file.", static r => new ConfigurationDocument
    {
        Config = r.Value("config", StaticShapes.Settings, StaticShapes.Defaults(r.Context), "Process-wide settings, read once at start.", null),
        Binds = r.List("binds", Bind.Shape, "Ports with their listeners and routes."),
        Mcp = r.Optional("mcp", SimpleMcp.Shape, "One MCP endpoint, the short form."),
    });

    public required StaticSettings Config { get; init; }

    public EquatableArray<Bind> Binds { get; init; }

    public SimpleMcp? Mcp { get; init; }
}
