using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A weighted choice of a route as written.</summary>
internal sealed record RouteBackend
{
    public static Shape<RouteBackend> Shape { get; } = Shapes.Object("RouteBackend", "A weighted choice of a route.", static r =>
    {
        var backend = new RouteBackend
        {
            At = r.Location,
            Weight = r.Value("weight", Shapes.Int(0, 1_000_000, "1"), 1, "Relative weight; 0 is never chosen.", "1"),
            Host = r.Optional("host", AddressShape.Target, "A plain upstream as `host:port`."),
            Backend = r.Optional("backend", Shapes.NonEmptyText, "Name of an entry of `backends`, with or without a leading `/`.", "/shared"),
            BackendAt = r.At("backend"),
            Mcp = r.Optional("mcp", McpBackend.Shape, "MCP servers behind one endpoint."),
        };
        r.ExactlyOne("host", "backend", "mcp");
        return backend;
    });

    public required SourceLocation At { get; init; }

    public int Weight { get; init; } = 1;

    public TargetAddress? Host { get; init; }

    public string? Backend { get; init; }

    public required SourceLocation BackendAt { get; init; }

    public McpBackend? Mcp { get; init; }
}
