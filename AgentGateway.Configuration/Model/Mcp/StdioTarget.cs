using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Mcp;

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
        r.Map("env", Shapes.HiddenText, "Variables added to the environment of the child.", "LOG_LEVEL", "debug"),
        r.Flag("clear_env", false, "Do not inherit the gateway's environment.")));
}
