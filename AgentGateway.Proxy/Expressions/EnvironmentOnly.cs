using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Expressions;

/// <summary>Variables of expressions that are evaluated without a request: <c>env</c> alone.</summary>
internal sealed class EnvironmentOnly : ICelActivation
{
    private static readonly CelValue Environment = CelValue.FromMap(EnvironmentVariables.OfProcess);

    private EnvironmentOnly()
    {
    }

    public static EnvironmentOnly Instance { get; } = new();

    public CelValue GetVariable(int slot) => slot == GatewayVariables.Env ? Environment : default;
}
