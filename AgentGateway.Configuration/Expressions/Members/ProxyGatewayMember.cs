namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>proxy.gateway</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ProxyGatewayMember
{
    /// <summary>Namespace of the gateway.</summary>
    public const int Namespace = 0;

    /// <summary>Name of the gateway.</summary>
    public const int Name = 1;
}
