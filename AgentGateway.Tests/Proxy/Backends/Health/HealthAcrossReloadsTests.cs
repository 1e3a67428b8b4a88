using AgentGateway.Configuration.Snapshot;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Health;

/// <summary>An endpoint that was taken out of use stays out when a reload leaves its backend as it is, and starts afresh when the backend changes.</summary>
public sealed class HealthAcrossReloadsTests
{
    private const int Many = 60;

    private const string Policies = "{requestHeaderModifier: {set: {x-a: one} } }";

    [Theory]
    [InlineData(Policies, "", "", "")]
    [InlineData(Policies, "", "- {name: other, matches: [{path: {exact: /other}}], policies: {directResponse: {status: 204} } }", "")]
    [InlineData(Policies, "- {name: other, matches: [{path: {exact: /other}}], policies: {directResponse: {status: 204} } }", "", "")]
    [InlineData(Policies, "", "- {name: other, matches: [{path: {exact: /other}}], backends: [{service: {name: ns/svc, port: 80} }]}", "")]
    [InlineData("{requestHeaderModifier: {set: {x-a: two} }, timeout: {requestTimeout: 20s} }", "", "", "")]
    [InlineData("{}", "", "", "")]
    [InlineData(Policies, "", "", "- {uid: u, name: u, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {} }")]
    public async Task Reload_BackendIsTheSame_EvictedEndpointStaysOut(string policies, string routesBefore, string routesAfter, string workloads)
    {
        await using var failing = await FailingAsync();
        await using var working = await TestUpstream.StartAsync();
        var port = ConfiguredGateway.FreePorts(1)[0];
        int[] endpoints = [failing.Port, working.Port];
        await using var gateway = await TestGateway.StartAsync(Snapshot(port, endpoints, Policies));
        await SendAsync(gateway);
        Assert.Single(failing.Seen);

        await ReloadAsync(gateway, Snapshot(port, endpoints, policies, routesBefore, routesAfter, workloads));
        await SendAsync(gateway);

        Assert.Single(failing.Seen);
        Assert.Equal((2 * Many) - 1, working.Seen.Count);
    }

    [Fact]
    public async Task Reload_RouteWithoutANameStandsElsewhere_EvictedEndpointStaysOutAndTheKeyIsTheNewOne()
    {
        const string Before = "- {matches: [{path: {exact: /other}}], policies: {directResponse: {status: 204} } }";
        const string ShowKey = "{transformations: {response: {set: {x-backend: backend.name} } } }";
        await using var failing = await FailingAsync();
        await using var working = await TestUpstream.StartAsync();
        var port = ConfiguredGateway.FreePorts(1)[0];
        int[] endpoints = [failing.Port, working.Port];
        await using var gateway = await TestGateway.StartAsync(Snapshot(port, endpoints, ShowKey, name: ""));
        await SendAsync(gateway);
        Assert.Single(failing.Seen);

        await ReloadAsync(gateway, Snapshot(port, endpoints, ShowKey, Before, name: ""));
        await SendAsync(gateway);
        using var response = await gateway.GetAsync("/");

        Assert.Single(failing.Seen);
        Assert.EndsWith("/default/route1/backend0", Assert.Single(response.Headers.GetValues("x-backend")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reload_BackendHasOneMoreEndpoint_AllStartAfresh()
    {
        await using var failing = await FailingAsync();
        await using var working = await TestUpstream.StartAsync();
        await using var added = await TestUpstream.StartAsync();
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await TestGateway.StartAsync(Snapshot(port, [failing.Port, working.Port], Policies));
        await SendAsync(gateway);
        Assert.Single(failing.Seen);

        await ReloadAsync(gateway, Snapshot(port, [failing.Port, working.Port, added.Port], Policies));
        await SendAsync(gateway);

        // By chance alone it would be missed once in 10^10 runs. It fails again, so it is out again after one request.
        Assert.Equal(2, failing.Seen.Count);
        Assert.NotEmpty(added.Seen);
    }

    [Fact]
    public async Task Reload_BackendGoesAndComesBack_StartsAfresh()
    {
        await using var failing = await FailingAsync();
        await using var working = await TestUpstream.StartAsync();
        var port = ConfiguredGateway.FreePorts(1)[0];
        var snapshot = Snapshot(port, [failing.Port, working.Port], Policies);
        await using var gateway = await TestGateway.StartAsync(snapshot);
        await SendAsync(gateway);
        Assert.Single(failing.Seen);

        await ReloadAsync(gateway, Snapshot(port, [working.Port], Policies));
        await SendAsync(gateway);
        Assert.Single(failing.Seen);
        await ReloadAsync(gateway, snapshot);
        await SendAsync(gateway);

        Assert.Equal(2, failing.Seen.Count);
    }

    private static Task<TestUpstream> FailingAsync() => TestUpstream.StartAsync(static context =>
    {
        context.Response.StatusCode = 500;
        return Task.CompletedTask;
    });

    private static async Task ReloadAsync(TestGateway gateway, GatewaySnapshot snapshot) =>
        Assert.Empty(await gateway.Host.ApplyAsync(snapshot, TestContext.Current.CancellationToken));

    private static async Task SendAsync(TestGateway gateway)
    {
        for (var i = 0; i < Many; i++)
        {
            using var response = await gateway.GetAsync("/");
        }
    }

    private static GatewaySnapshot Snapshot(int port, int[] endpoints, string policies, string routesBefore = "", string routesAfter = "", string workloads = "", string name = "name: main")
    {
        var own = string.Join("\n", endpoints.Select(static (endpoint, i) =>
            $$"""- {uid: w{{i}}, name: w{{i}}, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {"ns/svc": {"80": {{endpoint}} } } }"""));
        return TestLoad.LoadValid(
            $$"""
            services:
            - {name: svc, namespace: ns, hostname: svc, vips: [], ports: {"80": 8080} }
            workloads:
            {{own}}
            {{workloads}}
            binds:
            - port: {{port}}
              listeners:
              - routes:
                {{routesBefore}}
                - {{name}}
                  policies: {{policies}}
                  backends:
                  - service: {name: ns/svc, port: 80}
                    policies: {health: {unhealthyExpression: 'response.code >= 500', eviction: {duration: 1h} } }
                {{routesAfter}}
            """,
            forRuntime: true).Snapshot!;
    }
}
