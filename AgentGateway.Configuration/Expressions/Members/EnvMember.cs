namespace AgentGateway.Configuration.Expressions;

/// <summary>Members of <c>env</c>. The environment of the process is not readable otherwise. Numbers fixed at compile time, for <see cref="AgentGateway.Cel.CelObject.GetMember"/>.</summary>
public static class EnvMember
{
    /// <summary>Pod of this gateway, from <c>POD_NAME</c>.</summary>
    public const int PodName = 0;

    /// <summary>Namespace of this gateway, from <c>NAMESPACE</c>.</summary>
    public const int Namespace = 1;

    /// <summary>Name of the gateway this process runs for, from <c>GATEWAY</c>.</summary>
    public const int Gateway = 2;
}
