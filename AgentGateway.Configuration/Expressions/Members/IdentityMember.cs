namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>source.identity</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class IdentityMember
{
    /// <summary>Trust domain.</summary>
    public const int TrustDomain = 0;

    /// <summary>Namespace.</summary>
    public const int Namespace = 1;

    /// <summary>Service account.</summary>
    public const int ServiceAccount = 2;
}
