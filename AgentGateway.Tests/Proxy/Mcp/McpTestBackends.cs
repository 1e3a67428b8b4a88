using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>Backends with one target, or with several.</summary>
internal static class McpTestBackends
{
    public static string StdioServer { get; } = Path.Combine(AppContext.BaseDirectory, "AgentGateway.Tests.StdioServer" + (OperatingSystem.IsWindows() ? ".exe" : ""));

    public static McpBackendSnapshot Stdio(params string[] arguments) =>
        new() { Key = "/mcp", Targets = [new McpStdioTargetSnapshot { Name = "local", Command = StdioServer, Arguments = [.. arguments] }] };

    public static McpBackendSnapshot Http(Uri endpoint, string name = "remote", string key = "/mcp") =>
        new() { Key = key, Targets = [new McpHttpTargetSnapshot { Name = name, Endpoint = endpoint }] };

    public static McpBackendSnapshot Several(params ReadOnlySpan<(string Name, Uri Endpoint)> targets)
    {
        var snapshots = new List<McpTargetSnapshot>();
        foreach (var (name, endpoint) in targets)
        {
            snapshots.Add(new McpHttpTargetSnapshot { Name = name, Endpoint = endpoint });
        }

        return new() { Key = "/mcp", Targets = [.. snapshots] };
    }

    public static McpStdioTargetSnapshot StdioTarget(string name, params string[] arguments) => new() { Name = name, Command = StdioServer, Arguments = [.. arguments] };
}
