namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>mcp</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class McpMember
{
    /// <summary>Method of the message, such as <c>tools/call</c>.</summary>
    public const int MethodName = 0;

    /// <summary>Session of the client.</summary>
    public const int SessionId = 1;

    /// <summary>The tool, in <c>tools/call</c> and tool lists.</summary>
    public const int Tool = 2;

    /// <summary>The prompt, in <c>prompts/get</c> and prompt lists.</summary>
    public const int Prompt = 3;

    /// <summary>The resource, in <c>resources/read</c> and resource lists.</summary>
    public const int Resource = 4;

    /// <summary>The task, in task methods.</summary>
    public const int Task = 5;
}
