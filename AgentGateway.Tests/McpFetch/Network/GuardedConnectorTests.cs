using System.Net;
using AgentGateway.McpFetch.Network;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Network;

public sealed class GuardedConnectorTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SelectAddresses_MixedAnswer_KeepsOnlyPublic()
    {
        var connector = new GuardedConnector(new StubHostResolver().Add("mixed.test", "10.0.0.1", "8.8.8.8", "::1"), allowPrivateAddresses: false);

        Assert.Equal([IPAddress.Parse("8.8.8.8")], await connector.SelectAddressesAsync("mixed.test", Token));
    }

    [Fact]
    public async Task SelectAddresses_OnlyPrivate_Refused()
    {
        var connector = new GuardedConnector(new StubHostResolver().Add("inside.test", "10.0.0.1", "fd00::1"), allowPrivateAddresses: false);

        var refused = await Assert.ThrowsAsync<AddressRefusedException>(() => connector.SelectAddressesAsync("inside.test", Token));

        Assert.DoesNotContain("10.0.0.1", refused.Message, StringComparison.Ordinal); // what a name means inside is not told
    }

    [Fact]
    public async Task SelectAddresses_PrivateAllowed_KeepsThem()
    {
        var connector = new GuardedConnector(new StubHostResolver().Add("inside.test", "10.0.0.1"), allowPrivateAddresses: true);

        Assert.Single(await connector.SelectAddressesAsync("inside.test", Token));
    }

    [Fact]
    public async Task SelectAddresses_ManyAnswers_Bounded()
    {
        var many = Enumerable.Range(1, 100).Select(static i => $"8.8.8.{i}").ToArray();
        var connector = new GuardedConnector(new StubHostResolver().Add("many.test", many), allowPrivateAddresses: false);

        Assert.Equal(GuardedConnector.MaxAddresses, (await connector.SelectAddressesAsync("many.test", Token)).Count);
    }

    [Theory]
    [InlineData("unknown.test")]
    [InlineData("empty.test")]
    public async Task SelectAddresses_NoAddress_NotFound(string host)
    {
        var connector = new GuardedConnector(new StubHostResolver().Add("empty.test"), allowPrivateAddresses: true);

        await Assert.ThrowsAsync<HostNotFoundException>(() => connector.SelectAddressesAsync(host, Token));
    }
}
