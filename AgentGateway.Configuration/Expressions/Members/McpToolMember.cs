namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>mcp.tool</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class McpToolMember
{
    /// <summary>Target the tool belongs to.</summary>
    public const int Target = 0;

    /// <summary>Name of the tool at its target.</summary>
    public const int Name = 1;

    /// <summary>Arguments of the call.</summary>
    public const int Arguments = 2;

    /// <summary>Result of the call.</summary>
    public const int Result = 3;

    /// <summary>Error of the call.</summary>
    public const int Error = 4;
}
