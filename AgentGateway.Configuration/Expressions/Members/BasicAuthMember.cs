namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>basicAuth</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class BasicAuthMember
{
    /// <summary>User name.</summary>
    public const int Username = 0;
}
