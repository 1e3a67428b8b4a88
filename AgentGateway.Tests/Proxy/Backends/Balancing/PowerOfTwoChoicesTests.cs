using AgentGateway.Proxy.Backends.Balancing;
using AgentGateway.Proxy.Backends.Health;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Balancing;

public sealed class PowerOfTwoChoicesTests
{
    private static readonly Func<EndpointHealth, EndpointHealth> Same = static health => health;

    private readonly FakeTimeProvider _time = new();
    private readonly Random _random = new(7);

    [Fact]
    public void Pick_EqualEndpoints_SpreadsEvenly()
    {
        var endpoints = Endpoints(4);
        var counts = new int[4];

        for (var i = 0; i < 4000; i++)
        {
            counts[PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0, Same, _random)]++;
        }

        Assert.All(counts, count => Assert.InRange(count, 500, 2000));
    }

    [Fact]
    public void Pick_BusyEndpointOfTwo_TakesTheOther()
    {
        var endpoints = Endpoints(2);
        endpoints[0].Begin();

        Assert.All(Enumerable.Range(0, 100), _ => Assert.Equal(1, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0, Same, _random)));
    }

    [Fact]
    public void Pick_EvictedEndpoint_IsLeftOutUntilAllAreEvicted()
    {
        var endpoints = Endpoints(2);
        endpoints[0].Fail(new EvictionSettings(), null);
        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(1, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0, Same, _random)));

        endpoints[1].Fail(new EvictionSettings(), null);
        var picked = Enumerable.Range(0, 50).Select(_ => PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0, Same, _random)).Distinct().Order();

        Assert.Equal([0, 1], picked);
    }

    [Fact]
    public void Pick_TriedEndpoints_AreNotTakenAgain()
    {
        var endpoints = Endpoints(3);

        Assert.Equal(2, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0b011, Same, _random));
        Assert.Equal(-1, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0b111, Same, _random));
    }

    [Fact]
    public void Pick_UnreachableEndpoint_ComesLast()
    {
        var endpoints = Endpoints(2);
        endpoints[1].FailConnect(null);

        Assert.All(Enumerable.Range(0, 50), _ => Assert.Equal(0, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0, Same, _random)));
        Assert.Equal(1, PowerOfTwoChoices.Pick<EndpointHealth>(endpoints, 0b01, Same, _random));
    }

    private EndpointHealth[] Endpoints(int count) => [.. Enumerable.Range(0, count).Select(_ => new EndpointHealth(_time))];
}
