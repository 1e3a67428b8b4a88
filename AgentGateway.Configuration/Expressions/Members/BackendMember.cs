namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>backend</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class BackendMember
{
    /// <summary>Name of the backend.</summary>
    public const int Name = 0;

    /// <summary><c>ai</c>, <c>mcp</c>, <c>static</c>, <c>dynamic</c>, <c>service</c> or <c>unknown</c>.</summary>
    public const int Type = 1;

    /// <summary><c>http</c>, <c>tcp</c>, <c>a2a</c>, <c>mcp</c> or <c>llm</c>.</summary>
    public const int Protocol = 2;
}
