using AgentGateway.Cel;

namespace AgentGateway.Tests.Cel;

/// <summary>Variables by slot, and a seeded source of randomness.</summary>
internal sealed class TestActivation : ICelActivation
{
    public Dictionary<int, CelValue> Values { get; } = [];

    public Random Random { get; } = new(42);

    public CelValue GetVariable(int slot) => Values.GetValueOrDefault(slot);
}
