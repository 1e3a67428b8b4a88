namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>mcp.prompt</c>, <c>mcp.resource</c> and <c>mcp.task</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class McpItemMember
{
    /// <summary>Target it belongs to.</summary>
    public const int Target = 0;

    /// <summary>Its name; of a resource, its URI.</summary>
    public const int Name = 1;
}
