namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>proxy.route</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ProxyRouteMember
{
    /// <summary>Namespace of the route.</summary>
    public const int Namespace = 0;

    /// <summary>Name of the route.</summary>
    public const int Name = 1;

    /// <summary>Kind of the route resource, such as <c>HTTPRoute</c>.</summary>
    public const int Kind = 2;

    /// <summary>Name of the matched rule.</summary>
    public const int Rule = 3;
}
