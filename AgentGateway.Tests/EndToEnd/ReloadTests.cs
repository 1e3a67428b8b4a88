using System.Globalization;
using System.Net;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

public sealed class ReloadTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task File_ThatChanges_IsAppliedAndABrokenOneIsNot()
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration("first"));
        Assert.Equal("first", await gateway.Client.GetStringAsync(gateway.Address, Cancelled));

        await gateway.RewriteAsync(Configuration("second"));
        await WaitForAsync(gateway, "second");

        await gateway.RewriteAsync(Configuration("third") + "\nunknown: 1\n");
        await gateway.WaitForOutputAsync("unknown field `unknown`");
        Assert.Equal("second", await gateway.Client.GetStringAsync(gateway.Address, Cancelled));
        Assert.Contains("agentgateway_config_synchronized 0", await gateway.Client.GetStringAsync(new Uri(gateway.StatsAddress, "/metrics"), Cancelled), StringComparison.Ordinal);

        await gateway.RewriteAsync(Configuration("fourth"));
        await WaitForAsync(gateway, "fourth");
        Assert.Contains("agentgateway_config_synchronized 1", await gateway.Client.GetStringAsync(new Uri(gateway.StatsAddress, "/metrics"), Cancelled), StringComparison.Ordinal);
    }

    private static string Configuration(string body) => $$"""
        config:
          adminAddr: 127.0.0.1:{admin}
          statsAddr: 127.0.0.1:{stats}
          readinessAddr: 127.0.0.1:{readiness}
        binds:
        - port: {port}
          listeners:
          - routes:
            - policies:
                directResponse: {status: 200, body: "{{body}}"}
        """;

    private static async Task WaitForAsync(GatewayProcess gateway, string body)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempt = 0; attempt < 400; attempt++)
        {
            using var response = await gateway.Client.GetAsync(gateway.Address, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            if (await response.Content.ReadAsStringAsync(Cancelled) == body)
            {
                return;
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }

        Assert.Fail(string.Create(CultureInfo.InvariantCulture, $"the gateway never answered '{body}'"));
    }
}
