namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>jwt</c> besides its claims. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class JwtMember
{
    /// <summary>The token itself; prints masked, <c>.unredacted()</c> gives the text.</summary>
    public const int RawToken = 0;
}
