using System.Net;
using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Retries;

/// <summary>Policy <c>retry</c> as a user writes it; the attempts themselves are tested with the forwarder.</summary>
public sealed class RetryTests
{
    [Theory]
    [InlineData("{attempts: 2, codes: [503]}", 3, "2")]
    [InlineData("{codes: [503]}", 2, "1")]
    [InlineData("{attempts: 0, codes: [503]}", 1, null)]
    [InlineData("{attempts: 2, codes: [502]}", 1, null)]
    [InlineData("{attempts: 2, codes: []}", 1, null)]
    [InlineData("{attempts: 2, codes: [503], precondition: 'request.method == \"GET\"'}", 1, null)]
    [InlineData("{attempts: 2, codes: [503], precondition: 'string(request.body) == \"order\"'}", 3, "2")]
    [InlineData("{attempts: 2, codes: [503], precondition: 'request.headers[\"x-safe\"] == \"yes\"'}", 3, "2")]
    [InlineData("{attempts: 2, codes: [503], precondition: 'request.headers[\"x-none\"] == \"a\"'}", 1, null)]
    [InlineData("{attempts: 2, codes: [503], condition: 'response.headers[\"x-why\"] == \"busy\"'}", 3, "2")]
    [InlineData("{attempts: 2, codes: [503], condition: 'response.code != 503'}", 1, null)]
    [InlineData("{attempts: 2, codes: [503], condition: 'string(request.body) == \"order\"'}", 3, "2")]
    [InlineData("{attempts: 2, codes: [503], condition: 'request.headers[\"x-none\"] == \"a\"'}", 1, null)]
    public async Task Retry_Settings_SayHowOftenARequestIsSent(string retry, int sent, string? lastNumber)
    {
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            context.Response.Headers["x-why"] = "busy";
            return Task.CompletedTask;
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, $"{{retry: {retry}, transformations: {{request: {{remove: [x-safe]}}}}}}");

        using var response = await gateway.PostAsync("/", "order", ("x-safe", "yes"));

        Assert.Equal((HttpStatusCode.ServiceUnavailable, sent), (response.StatusCode, upstream.Seen.Count));
        Assert.All(upstream.Seen, request => Assert.Equal("order", request.Body));
        Assert.Null(upstream.Seen[0].Header("x-retry-attempt"));
        Assert.Equal(lastNumber, upstream.Last.Header("x-retry-attempt"));
    }

    [Fact]
    public async Task Retry_ClientSentANumberOfItsOwn_OnlyThatOfTheGatewayGoesWithTheRetry()
    {
        await using var upstream = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{retry: {codes: [503]}}");

        using var response = await gateway.PostAsync("/", "order", ("X-Retry-Attempt", "77"));

        Assert.Equal(["77", "1"], upstream.Seen.Select(static request => request.Header("x-retry-attempt")));
    }

    [Fact]
    public async Task Retry_OtherBackendAnswers_ResponseBearsNothingOfTheFirst()
    {
        // The first choice always fails and has response policies; the second has none.
        await using var failing = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var working = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - policies: {retry: {attempts: 50, codes: [503]} }
                  backends:
                  - host: 127.0.0.1:{{failing.Port}}
                    policies:
                      responseHeaderModifier: {set: {x-from: failing} }
                      transformations: {response: {set: {x-changed: '"failing"'} } }
                  - host: 127.0.0.1:{{working.Port}}
            """);

        while (failing.Seen.Count == 0)
        {
            using var response = await gateway.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Null(response.Header("x-from"));
            Assert.Null(response.Header("x-changed"));
        }
    }

    [Fact]
    public async Task Retry_OfAService_PicksItsEndpointAnew()
    {
        await using var failing = await TestUpstream.StartAsync(context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        });
        await using var working = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            services:
            - {name: svc, namespace: ns, hostname: svc, vips: [], ports: {"80": 8080} }
            workloads:
            - {uid: w1, name: w1, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {"ns/svc": {"80": {{failing.Port}} } } }
            - {uid: w2, name: w2, namespace: ns, trustDomain: cluster.local, workloadIps: [127.0.0.1], services: {"ns/svc": {"80": {{working.Port}} } } }
            binds:
            - port: {{ConfiguredGateway.FreePorts(1)[0]}}
              listeners:
              - routes:
                - policies: {retry: {attempts: 50, codes: [503]} }
                  backends: [{service: {name: ns/svc, port: 80} }]
            """);

        while (failing.Seen.Count == 0)
        {
            using var response = await gateway.GetAsync("/");
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }
}
