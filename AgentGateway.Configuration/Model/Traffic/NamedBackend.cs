using AgentGateway.Configuration.Model.Mcp;
using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A backend that routes and policies name, as written. Exactly one kind is set.</summary>
internal sealed record NamedBackend
{
    public static Shape<string> InternalTarget { get; } = Shapes.TextWith("internal target", "forward", static (text, _) =>
        text == "forward" || text.StartsWith('/') ? null : "write forward, or a path that starts with `/`");

    public static Shape<NamedBackend> Shape { get; } = Shapes.Object("NamedBackend", "A backend that routes and policies name.", static r =>
    {
        var backend = new NamedBackend
        {
            At = r.Location,
            NameAt = r.At("name"),
            Name = r.RequiredText("name", "Name; others refer to it as `/name` or `name`.", "shared"),
            Host = r.Optional("host", AddressShape.Target, "A plain upstream as `host:port`.", "localhost:8080"),
            Mcp = r.Optional("mcp", McpBackend.Shape, "MCP servers behind one endpoint."),
            Ai = r.Optional("ai", AiBackend.Shape, "LLM providers."),
            Aws = r.Optional("aws", AwsBackend.Shape, "A service of AWS."),
            Internal = r.Optional("internal", InternalTarget, "The gateway's own admin page: `forward` keeps the path, a path replaces it.", "forward"),
            Policies = r.Value("policies", PolicySetShapes.Backend, [], "Policies that apply to each attempt at this backend.", "{}"),
        };
        r.ExactlyOne("host", "mcp", "ai", "aws", "internal");
        if (r.HasInside("policies", "inferenceRouting"))
        {
            r.Error("policies", "inferenceRouting", "inferenceRouting is only supported on service route backends, not named backends");
        }

        return backend;
    });

    public required SourceLocation At { get; init; }

    public required SourceLocation NameAt { get; init; }

    public required string Name { get; init; }

    public TargetAddress? Host { get; init; }

    public McpBackend? Mcp { get; init; }

    public AiBackend? Ai { get; init; }

    public AwsBackend? Aws { get; init; }

    public string? Internal { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];
}
