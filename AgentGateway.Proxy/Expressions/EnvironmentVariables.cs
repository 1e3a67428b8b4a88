using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variable <c>env</c>: three variables of the environment and no others.</summary>
internal sealed class EnvironmentVariables(string? podName, string? ns, string? gateway) : CelObject
{
    /// <summary>As the process was started.</summary>
    public static EnvironmentVariables OfProcess { get; } = new(
        Environment.GetEnvironmentVariable("POD_NAME"), Environment.GetEnvironmentVariable("NAMESPACE"), Environment.GetEnvironmentVariable("GATEWAY"));

    public override CelObjectType Type => GatewayTypes.Env;

    public override CelValue GetMember(int member) => member switch
    {
        EnvMember.PodName => CelValue.FromString(podName),
        EnvMember.Namespace => CelValue.FromString(ns),
        EnvMember.Gateway => CelValue.FromString(gateway),
        _ => default,
    };
}
