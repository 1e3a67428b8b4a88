using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>One upstream MCP server as written. Exactly one kind is set.</summary>
internal sealed record McpTarget
{
    private static readonly Shape<string> TargetName = Shapes.TextWith("target name", "everything", static (text, _) =>
        text.Length is 0 or > 253 ? "write 1 to 253 characters"
        : text.AsSpan().ContainsAnyExcept(CharacterSets.TargetName) ? "only letters, digits, `-` and `.` are allowed; `_` and `+` separate target and name"
        : null);

    public static Shape<McpTarget> Shape { get; } = Shapes.Object("McpTarget", "One upstream MCP server.", static r =>
    {
        var target = new McpTarget
        {
            At = r.Location,
            Name = r.Required("name", TargetName, "Name: letters, digits, `-` and `.`; prefix of the names that clients see.", "everything"),
            NameAt = r.At("name"),
            Stdio = r.Optional("stdio", StdioTarget.Shape, "A server started as a child process."),
            Mcp = r.Optional("mcp", McpConnection.Shape, "A server reached over Streamable HTTP.", "{host: \"http://localhost:3001/mcp\"}"),
            Sse = r.Optional("sse", McpConnection.Shape, "A server reached over the older HTTP with server-sent events.", "{host: \"http://localhost:3001/sse\"}"),
            OpenApi = r.Optional("openapi", OpenApiTarget.Shape, "A REST service whose OpenAPI operations become tools.", "{schema: {file: openapi.json}, host: \"http://localhost:8080\"}"),
            Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the server.", "{}"),
        };
        r.ExactlyOne("stdio", "mcp", "sse", "openapi");
        if (r.IsSet("policies") && target.Stdio is not null)
        {
            r.Error("policies", $"stdio MCP target '{Quoting.Shorten(target.Name)}': policies are not supported (stdio has no backend connection)");
        }

        if (r.IsSet("policies") && target.Connection?.Backend is not null)
        {
            r.Error("policies", "cannot use backend reference when policies are defined for an MCP target; set them on the named backend");
        }

        return target;
    });

    public required SourceLocation At { get; init; }

    public required string Name { get; init; }

    public required SourceLocation NameAt { get; init; }

    public StdioTarget? Stdio { get; init; }

    public McpConnection? Mcp { get; init; }

    public McpConnection? Sse { get; init; }

    public OpenApiTarget? OpenApi { get; init; }

    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>How the server is reached, unless it is a child process.</summary>
    public McpConnection? Connection => Mcp ?? Sse ?? OpenApi?.Connection;
}
