using System.Net;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Health;

/// <summary>Policy <c>health</c> as a user writes it, over two endpoints of a service of which one fails.</summary>
public sealed class HealthPolicyTests
{
    private const int Many = 60;

    [Theory]
    [InlineData("{unhealthyExpression: 'response.code >= 500', eviction: {duration: 1h}}", 1)]
    [InlineData("{unhealthyExpression: 'response.code >= 500', eviction: {duration: 1h, consecutiveFailures: 3}}", 3)]
    [InlineData("{unhealthyExpression: 'response.headers[\"x-sick\"] == \"yes\"', eviction: {duration: 1h}}", 1)]
    [InlineData("{unhealthyExpression: 'request.path == \"/\" && response.code == 500', eviction: {duration: 1h, healthThreshold: 0.5}}", 2)]
    public async Task Health_ResponseIsUnhealthy_EndpointGetsNoMoreRequests(string health, int failures)
    {
        await using var failing = await TestUpstream.StartAsync(Fail);
        await using var working = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(health, [failing.Port, working.Port]);

        await SendAsync(gateway, Many);

        Assert.Equal(failures, failing.Seen.Count);
        Assert.Equal(Many - failures, working.Seen.Count);
    }

    [Theory]
    [InlineData("{eviction: {duration: 1h}}")] // Without expression no response is a failure.
    [InlineData("{unhealthyExpression: 'response.code >= 500'}")] // Without eviction nothing is taken out.
    [InlineData("{unhealthyExpression: 'response.code == 404', eviction: {duration: 1h}}")]
    public async Task Health_NothingSaysOtherwise_EndpointStaysInUse(string health)
    {
        await using var failing = await TestUpstream.StartAsync(Fail);
        await using var working = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync(health, [failing.Port, working.Port]);

        await SendAsync(gateway, Many);

        // By chance alone fewer than four of sixty would come once in 10^13 runs.
        Assert.InRange(failing.Seen.Count, 4, Many - 4);
    }

    [Fact]
    public async Task Health_AllEndpointsEvicted_AreUsedAllTheSame()
    {
        await using var one = await TestUpstream.StartAsync(Fail);
        await using var other = await TestUpstream.StartAsync(Fail);
        await using var gateway = await StartAsync("{unhealthyExpression: 'response.code >= 500', eviction: {duration: 1h}}", [one.Port, other.Port]);

        for (var i = 0; i < Many; i++)
        {
            using var response = await gateway.GetAsync("/");
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        }

        Assert.InRange(one.Seen.Count, 4, Many - 4);
    }

    [Theory]
    [InlineData(null, 10)]
    [InlineData("120", 120)]
    public async Task Health_EvictionEnds_AfterItsDurationOrRetryAfter(string? retryAfter, int seconds)
    {
        var time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        await using var failing = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers.RetryAfter = retryAfter;
            return Task.CompletedTask;
        });
        await using var working = await TestUpstream.StartAsync();
        await using var gateway = await StartAsync("{unhealthyExpression: 'response.code >= 500', eviction: {duration: 10s}}", [failing.Port, working.Port], time);
        await SendAsync(gateway, Many);
        Assert.Single(failing.Seen);

        time.Advance(TimeSpan.FromSeconds(seconds - 1));
        await SendAsync(gateway, Many);
        Assert.Single(failing.Seen);

        time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(gateway, Many);
        Assert.Equal(2, failing.Seen.Count);

        // The second time out is twice as long, unless the upstream says how long it takes.
        time.Advance(TimeSpan.FromSeconds(retryAfter is null ? (2 * seconds) - 1 : seconds - 1));
        await SendAsync(gateway, Many);
        Assert.Equal(2, failing.Seen.Count);
        time.Advance(TimeSpan.FromSeconds(1));
        await SendAsync(gateway, Many);
        Assert.Equal(3, failing.Seen.Count);
    }

    private static Task Fail(HttpContext context)
    {
        context.Response.StatusCode = 500;
        context.Response.Headers["x-sick"] = "yes";
        return Task.CompletedTask;
    }

    private static async Task SendAsync(TestGateway gateway, int count)
    {
        for (var i = 0; i < count; i++)
        {
            using var response = await gateway.GetAsync("/");
        }
    }

    private static async Task<TestGateway> StartAsync(string health, int[] ports, TimeProvider? time = null)
    {
        var workloads = string.Join("\n", ports.Select((port, i) =>
            $$"""- {uid: w{{i}}, name: w{{i}}, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {"ns/svc": {"80": {{port}} } } }"""));
        var loaded = TestLoad.LoadValid(
            $$"""
            services:
            - {name: svc, namespace: ns, hostname: svc, vips: [], ports: {"80": 8080} }
            workloads:
            {{workloads}}
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - backends: [{service: {name: ns/svc, port: 80}, policies: {health: {{health}} } }]
            """,
            forRuntime: true);
        return await TestGateway.StartAsync(loaded.Snapshot!, loaded.Settings, time);
    }
}
