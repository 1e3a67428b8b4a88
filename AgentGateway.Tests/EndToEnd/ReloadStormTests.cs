using System.Globalization;
using System.Net;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>A file that is rewritten a hundred times in ten seconds, while clients send requests without a pause.</summary>
public sealed class ReloadStormTests
{
    private const int Rewrites = 100;
    private const int Clients = 4;

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Storm_OfGoodAndBrokenFiles_LosesNoRequestAndEndsOnTheLastGoodOne()
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration("start"));
        Assert.Equal("4", await RemainingAsync(gateway));
        Assert.Equal("3", await RemainingAsync(gateway));

        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        var clients = Enumerable.Range(0, Clients).Select(_ => Task.Run(() => SendAsync(gateway, over.Token), Cancelled)).ToList();
        await RewriteAsync(gateway);
        await WaitForAsync(gateway, $"content-{Rewrites - 1}");
        await over.CancelAsync();

        var answers = await Task.WhenAll(clients);
        Assert.All(answers, static count => Assert.True(count > 0));
        Assert.Contains("agentgateway_config_synchronized 1", await MetricsAsync(gateway), StringComparison.Ordinal);

        // The bucket is the one of before the storm.
        Assert.Equal("2", await RemainingAsync(gateway));

        gateway.Overwrite(Configuration("never") + "\nafterTheStorm: 1\n");
        await gateway.WaitForOutputAsync("unknown field `afterTheStorm`");
        await gateway.WaitForOutputAsync("the last good configuration stays in force");
        Assert.Equal($"content-{Rewrites - 1}", await gateway.Client.GetStringAsync(gateway.Address, Cancelled));
        Assert.Contains("agentgateway_config_synchronized 0", await MetricsAsync(gateway), StringComparison.Ordinal);
        Assert.DoesNotContain("content-1\"", gateway.Output, StringComparison.Ordinal);
    }

    private static async Task RewriteAsync(GatewayProcess gateway)
    {
        using var pace = new PeriodicTimer(TimeSpan.FromSeconds(10.0 / Rewrites));
        for (var i = 0; i < Rewrites; i++)
        {
            // Every third content is broken; the way of writing changes after each three, so that each way writes good and broken ones.
            var content = Configuration($"content-{i}") + (i % 3 == 1 ? $"\nbroken{i}: 1\n" : "");
            switch (i / 3 % 3)
            {
                case 0:
                    gateway.Overwrite(content);
                    break;
                case 1:
                    await gateway.RewriteAsync(content);
                    break;
                default:
                    await gateway.RelinkAsync(content, i);
                    break;
            }

            await pace.WaitForNextTickAsync(Cancelled);
        }
    }

    /// <summary>Sends one request after the other; each must be answered by some good content.</summary>
    private static async Task<int> SendAsync(GatewayProcess gateway, CancellationToken over)
    {
        var count = 0;
        while (!over.IsCancellationRequested)
        {
            using var response = await gateway.Client.GetAsync(gateway.Address, Cancelled);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var body = await response.Content.ReadAsStringAsync(Cancelled);
            var index = body == "start" ? 0 : int.Parse(body["content-".Length..], CultureInfo.InvariantCulture);
            Assert.True(body == "start" || index % 3 != 1, $"{body} was in force");
            count++;
        }

        return count;
    }

    private static async Task<string> RemainingAsync(GatewayProcess gateway)
    {
        using var response = await gateway.Client.GetAsync(new Uri(gateway.Address, "/limited"), Cancelled);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return Assert.Single(response.Headers.GetValues("x-ratelimit-remaining"));
    }

    private static Task<string> MetricsAsync(GatewayProcess gateway) => gateway.Client.GetStringAsync(new Uri(gateway.StatsAddress, "/metrics"), Cancelled);

    private static async Task WaitForAsync(GatewayProcess gateway, string body)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempt = 0; attempt < 600; attempt++)
        {
            if (await gateway.Client.GetStringAsync(gateway.Address, Cancelled) == body)
            {
                return;
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }

        Assert.Fail($"the gateway never answered '{body}'");
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
            - name: limited
              matches:
              - path: {exact: /limited}
              policies:
                localRateLimit: [{maxTokens: 5, tokensPerFill: 1, fillInterval: 24h}]
                directResponse: {status: 200, body: limited}
            - name: changing
              policies:
                directResponse: {status: 200, body: "{{body}}"}
        """;
}
