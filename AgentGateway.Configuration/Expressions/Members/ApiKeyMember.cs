namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>apiKey</c> besides the metadata of the key. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ApiKeyMember
{
    /// <summary>The key itself; prints masked, <c>.unredacted()</c> gives the text.</summary>
    public const int Key = 0;
}
