using System.Net;
using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Mirroring;

/// <summary>Shares that are left to chance: mirrored requests and weighted choices. The bounds are more than six standard deviations wide.</summary>
public sealed class MirrorShareTests
{
    private const int Requests = 400;

    [Fact]
    public async Task Mirror_HalfOfTheRequests_AreCopied()
    {
        await using var copies = await TestUpstream.StartAsync();
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, $"{{requestMirror: {{backend: {{host: '127.0.0.1:{copies.Port}'}}, percentage: 0.5}}}}");

        await SendAsync(gateway);

        // Copies that are under way arrive before the gateway has stopped.
        await gateway.DisposeAsync();
        Assert.Equal(Requests, upstream.Seen.Count);
        Assert.InRange(copies.Seen.Count, 135, 265);
    }

    [Fact]
    public async Task Backends_WithWeights_GetTheirShares()
    {
        await using var one = await TestUpstream.StartAsync();
        await using var three = await TestUpstream.StartAsync();
        await using var none = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - backends:
                  - {host: '127.0.0.1:{{one.Port}}'}
                  - {host: '127.0.0.1:{{three.Port}}', weight: 3}
                  - {host: '127.0.0.1:{{none.Port}}', weight: 0}
            """);

        await SendAsync(gateway);

        Assert.Equal(Requests, one.Seen.Count + three.Seen.Count);
        Assert.InRange(one.Seen.Count, 45, 160);
        Assert.Empty(none.Seen);
    }

    private static async Task SendAsync(TestGateway gateway)
    {
        for (var i = 0; i < Requests; i++)
        {
            using var response = await gateway.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
