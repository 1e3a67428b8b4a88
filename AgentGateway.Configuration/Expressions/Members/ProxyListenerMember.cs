namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>proxy.listener</c>. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class ProxyListenerMember
{
    /// <summary>Name of the listener.</summary>
    public const int Name = 0;
}
