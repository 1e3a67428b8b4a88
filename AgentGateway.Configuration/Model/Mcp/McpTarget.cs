using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Mcp;

/// <summary>One upstream MCP server as written.</summary>
internal sealed record McpTarget
{
    private static Shape<string> TargetName { get; } = Shapes.TextWith("target name", "everything", static (text, _) =>
        text.Length is 0 or > 253 ? "write 1 to 253 characters"
        : text.AsSpan().ContainsAnyExcept(CharacterSets.TargetName) ? "only letters, digits, `-` and `.` are allowed; `_` and `+` separate target and name"
        : null);

    public static Shape<McpTarget> Shape { get; } = Shapes.Object("McpTarget", "One upstream MCP server.", static r =>
    {
        var target = new McpTarget
        {
            Name = r.Required("name", TargetName, "Name: letters, digits, `-` and `.`; prefix of the names that clients see.", "everything"),
            NameAt = r.At("name"),
            Stdio = r.Optional("stdio", StdioTarget.Shape, "A server started as a child process."),
            Mcp = r.Optional("mcp", McpConnection.Shape, "A server reached over Streamable HTTP."),
        };
        r.ExactlyOne("stdio", "mcp");
        return target;
    });

    public required string Name { get; init; }

    public required SourceLocation NameAt { get; init; }

    public StdioTarget? Stdio { get; init; }

    public McpConnection? Mcp { get; init; }
}

/// <summary>A server started as a child process.</summary>
/// <param name="Command">Program.</param>
/// <param name="Arguments">Its arguments.</param>
/// <param name="Environment">Variables added to its environment.</param>
/// <param name="ClearEnvironment">True when nothing is inherited.</param>
internal sealed record StdioTarget(string Command, EquatableArray<string> Arguments, EquatableMap<string> Environment, bool ClearEnvironment)
{
    public static Shape<StdioTarget> Shape { get; } = Shapes.Object("McpStdio", "A server started as a child process, which speaks JSON-RPC lines.", static r => new StdioTarget(
        r.RequiredText("cmd", "Program, looked up in `PATH`.", "npx"),
        r.Texts("args", "Arguments of the program.", "[\"@modelcontextprotocol/server-everything\"]"),
        r.Map("env", Shapes.Text, "Variables added to the environment of the child.", "LOG_LEVEL", "debug"),
        r.Flag("clear_env", false, "Do not inherit the gateway's environment.")));
}
