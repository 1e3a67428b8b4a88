using System.Net;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy;

public sealed class TestGatewayTests
{
    [Fact]
    public async Task PrefixRoutes_PathOfNoRoute_Answers404()
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.PrefixRoutes(("/a", new McpBackendSnapshot { Key = "/empty" })));

        using var response = await gateway.Client.GetAsync(new Uri("/b", UriKind.Relative), TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("route not found", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }
}
