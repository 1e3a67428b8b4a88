using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>Backends with one target.</summary>
internal static class McpTestBackends
{
    public static string StdioServer { get; } = Path.Combine(AppContext.BaseDirectory, "AgentGateway.Tests.StdioServer" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public static McpBackendSnapshot Stdio(params string[] arguments) =>
        new() { Key = "/mcp", Targets = [new McpStdioTargetSnapshot { Name = "local", Command = StdioServer, Arguments = [.. arguments] }] };

    public static McpBackendSnapshot Http(Uri endpoint, string name = "remote", string key = "/mcp") =>
        new() { Key = key, Targets = [new McpHttpTargetSnapshot { Name = name, Endpoint = endpoint }] };
}
