using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.HeaderModifiers;

public sealed class HeaderModifierTests
{
    [Fact]
    public async Task RequestHeaderModifier_AddSetRemove_ReachTheUpstream()
    {
        await using var gateway = await EchoGateway.StartAsync(new RequestHeaderModifier(new HeaderModifier
        {
            Add = Map(("x-list", "b"), ("x-new", "1")),
            Set = Map(("x-own", "set")),
            Remove = ["x-gone"],
        }));

        using var response = await gateway.GetAsync("/", ("x-list", "a"), ("x-own", "client"), ("x-gone", "secret"));

        var seen = await response.TextAsync();
        Assert.Contains("x-list: a\r\nx-list: b\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-new: 1\r\n", seen, StringComparison.Ordinal);
        Assert.Contains("x-own: set\r\n", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("host")]
    [InlineData("Host")]
    [InlineData(":authority")]
    public async Task RequestHeaderModifier_SetHost_ChangesTheAuthority(string name)
    {
        await using var gateway = await EchoGateway.StartAsync(new RequestHeaderModifier(new HeaderModifier { Set = Map((name, "other.example:99")) }));

        using var response = await gateway.GetAsync("/");

        Assert.Contains("Host: other.example:99\r\n", await response.TextAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ResponseHeaderModifier_AddSetRemove_ReachTheClient()
    {
        await using var gateway = await EchoGateway.StartAsync(
            route => route with
            {
                Policies =
                [
                    new ResponseHeaderModifier(new HeaderModifier { Add = Map(("x-list", "b")), Set = Map(("x-own", "set")), Remove = ["server"] }),
                ],
            },
            headers: "x-list: a\r\nx-own: upstream\r\nserver: leaky/1.0\r\n");

        using var response = await gateway.GetAsync("/");

        Assert.Equal("a|b", response.Header("x-list"));
        Assert.Equal("set", response.Header("x-own"));
        Assert.Null(response.Header("server"));
    }

    [Fact]
    public async Task ResponseHeaderModifier_RouteAndBackend_BackendActsLast()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with
        {
            Policies = [new ResponseHeaderModifier(new HeaderModifier { Add = Map(("x-order", "route")) })],
            Backends = [route.Backends[0] with { Policies = [new ResponseHeaderModifier(new HeaderModifier { Add = Map(("x-order", "backend")) })] }],
        });

        using var response = await gateway.GetAsync("/");

        Assert.Equal("route|backend", response.Header("x-order"));
    }

    [Fact]
    public async Task RequestHeaderModifier_OfTheBackend_ActsAfterTheRoute()
    {
        await using var gateway = await EchoGateway.StartAsync(route => route with
        {
            Policies = [new RequestHeaderModifier(new HeaderModifier { Set = Map(("x-who", "route")) })],
            Backends = [route.Backends[0] with { Policies = [new RequestHeaderModifier(new HeaderModifier { Add = Map(("x-who", "backend")) })] }],
        });

        using var response = await gateway.GetAsync("/");

        Assert.Contains("x-who: route\r\nx-who: backend\r\n", await response.TextAsync(), StringComparison.Ordinal);
    }

    internal static EquatableMap<string> Map(params (string Name, string Value)[] entries) =>
        new(entries.Select(entry => new KeyValuePair<string, string>(entry.Name, entry.Value)));
}
