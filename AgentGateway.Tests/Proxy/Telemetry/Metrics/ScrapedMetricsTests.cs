using System.Net;
using System.Net.Http.Headers;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry.Metrics;

/// <summary>What a scraper reads after real traffic: each family of the specification (telemetry 2.2) with its labels in their order.</summary>
public sealed class ScrapedMetricsTests
{
    private const string Route = "bind,gateway,listener,route,route_rule,who,number";
    private const string Http = "backend,protocol,method,status,reason," + Route;

    [Fact]
    public async Task Scrape_AfterTraffic_ShowsEachFamilyWithItsLabels()
    {
        var (metrics, _) = await TrafficAsync("application/openmetrics-text; version=1.0.0");

        foreach (var (family, type, labels) in new[]
        {
            ("agentgateway_build", "info", "tag"),
            ("agentgateway_requests", "counter", Http),
            ("agentgateway_request_duration_seconds", "histogram", Http),
            ("agentgateway_response_bytes", "counter", Http),
            ("agentgateway_retries", "counter", Http),
            ("agentgateway_request_processing_seconds", "histogram", "backend," + Route),
            ("agentgateway_response_processing_seconds", "histogram", "backend," + Route),
            ("agentgateway_upstream_call_duration_seconds", "histogram", "kind,subtype"),
            ("agentgateway_upstream_connect_duration_seconds", "histogram", "transport"),
            ("agentgateway_downstream_connections", "counter", "bind,gateway,listener,protocol"),
            ("agentgateway_downstream_received_bytes", "counter", "bind,gateway,listener,protocol"),
            ("agentgateway_downstream_sent_bytes", "counter", "bind,gateway,listener,protocol"),
            ("agentgateway_config_synchronized", "gauge", ""),
        })
        {
            Assert.Equal(type, metrics.TypeOf(family));
            Assert.NotEmpty(metrics[family]);

            // A connection without HTTP has the labels of requests in the duration alone.
            Assert.All(
                metrics[family].Where(sample => sample["protocol"] != "tcp" || labels.StartsWith("bind", StringComparison.Ordinal)),
                sample => Assert.Equal(labels, string.Join(',', sample.Labels.Select(label => label.Name).Where(static name => name != "le"))));
        }

        Assert.Empty(metrics["agentgateway_tls_handshake_duration_seconds"]);
        Assert.Empty(metrics["agentgateway_mcp_requests"]);
    }

    [Fact]
    public async Task Scrape_AfterTraffic_CountsWhatHappened()
    {
        var (metrics, port) = await TrafficAsync("text/plain");

        var requests = metrics["agentgateway_requests"];
        Assert.Equal(6, requests.Sum(sample => sample.Value));
        var plain = Assert.Single(requests, sample => sample["route"] == "default/plain" && sample["who"] == "unknown");
        Assert.Equal(2, plain.Value);
        Assert.Equal($"default/default/bind/{port}/http/default/plain/backend0", plain["backend"]);
        Assert.Equal(("http", "GET", "200", "Upstream", $"bind/{port}", "default/default", "http", "first"), (plain["protocol"], plain["method"], plain["status"], plain["reason"], plain["bind"], plain["gateway"], plain["listener"], plain["route_rule"]));
        Assert.Equal("unknown", plain["number"]);
        Assert.Equal(1, Assert.Single(requests, sample => sample["who"] == "a \"b\" \\ c").Value);
        Assert.Equal(("unknown", "404", "NotFound", "unknown"), Labels(Assert.Single(requests, sample => sample["reason"] == "NotFound")));
        Assert.Equal(("unknown", "204", "DirectResponse", "default/direct"), Labels(Assert.Single(requests, sample => sample["reason"] == "DirectResponse")));
        Assert.Equal(2, Assert.Single(metrics["agentgateway_retries"], sample => sample["status"] == "503").Value);
        Assert.Equal(6, Assert.Single(metrics["agentgateway_response_bytes"], sample => sample["route"] == "default/plain" && sample["who"] == "unknown").Value);
        Assert.DoesNotContain(metrics["agentgateway_response_bytes"], sample => sample["reason"] == "DirectResponse");

        // The TCP connection has a duration and no request.
        Assert.DoesNotContain(requests, sample => sample["protocol"] == "tcp");
        Assert.Equal(1, Assert.Single(metrics["agentgateway_request_duration_seconds"], sample => sample["protocol"] == "tcp" && sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value);
        Assert.Equal(6, metrics["agentgateway_request_duration_seconds"].Where(sample => sample["protocol"] == "http" && sample.Name.EndsWith("_count", StringComparison.Ordinal)).Sum(sample => sample.Value));

        // Three attempts of the retried request and three calls of the plain route.
        Assert.Equal(6, Assert.Single(metrics["agentgateway_upstream_call_duration_seconds"], sample => sample.Name.EndsWith("_count", StringComparison.Ordinal)).Value);
        Assert.Equal(1, Assert.Single(metrics["agentgateway_config_synchronized"]).Value);

        static (string?, string?, string?, string?) Labels(OpenMetricsSample sample) => (sample["backend"], sample["status"], sample["reason"], sample["route"]);
    }

    [Theory]
    [InlineData("/metrics", "", "text/plain", HttpStatusCode.OK)]
    [InlineData("/metrics", "text/plain", "text/plain", HttpStatusCode.OK)]
    [InlineData("/metrics", "application/openmetrics-text", "application/openmetrics-text", HttpStatusCode.OK)]
    [InlineData("/metrics", "application/openmetrics-text;version=1.0.0;q=0.8,text/plain;q=0.5", "application/openmetrics-text", HttpStatusCode.OK)]
    [InlineData("/stats/prometheus", "", "text/plain", HttpStatusCode.OK)]
    [InlineData("/", "", null, HttpStatusCode.NotFound)]
    [InlineData("/metrics/x", "", null, HttpStatusCode.NotFound)]
    public async Task Scrape_OfEachPathAndAccept_IsAnsweredInItsForm(string path, string accept, string? type, HttpStatusCode status)
    {
        await using var gateway = await TestGateway.StartAsync(TestGateway.OneRoute(), statsAddress: "127.0.0.1:0");
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(gateway.Host.ManagementAddresses["stats"], path));
        request.Headers.TryAddWithoutValidation("Accept", accept);

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(status, response.StatusCode);
        if (type is not null)
        {
            Assert.Equal(type, response.Content.Headers.ContentType!.MediaType);
            Assert.Equal("utf-8", response.Content.Headers.ContentType.CharSet);
            OpenMetricsText.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }
    }

    private static async Task<(OpenMetricsText Metrics, int Port)> TrafficAsync(string accept)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc");
        await using var failing = RawUpstream.Answering("HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n");
        await using var database = RawUpstream.Start(async peer => await peer.SendAsync(await peer.ReadBytesAsync(4)));
        var ports = ConfiguredGateway.FreePorts(2);
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            config:
              metrics: {fields: {add: {who: 'request.headers["x-who"]', number: '1'} } }
            binds:
            - port: {{ports[0]}}
              listeners:
              - name: http
                routes:
                - {name: plain, ruleName: first, matches: [{path: {exact: /plain} }], policies: {responseHeaderModifier: {set: {x-a: b} } }, backends: [{host: "127.0.0.1:{{upstream.Port}}"}]}
                - {name: retried, matches: [{path: {exact: /retried} }], policies: {retry: {attempts: 2, codes: [503]} }, backends: [{host: "127.0.0.1:{{failing.Port}}"}]}
                - {name: direct, matches: [{path: {exact: /direct} }], policies: {directResponse: {status: 204} } }
            - port: {{ports[1]}}
              listeners:
              - {name: db, protocol: TCP, tcpRoutes: [{backends: [{host: "127.0.0.1:{{database.Port}}"}]}]}
            """,
            statsAddress: "127.0.0.1:0");
        foreach (var (path, who) in new[] { ("/plain", ""), ("/plain", ""), ("/plain", "a \"b\" \\ c"), ("/retried", ""), ("/direct", ""), ("/none", "") })
        {
            using var peer = await RawPeer.ConnectAsync(ports[0]);
            await peer.SendAsync($"GET {path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{(who.Length > 0 ? $"X-Who: {who}\r\n" : "")}\r\n");
            await peer.ReadToEndAsync();
        }

        using (var peer = await RawPeer.ConnectAsync(ports[1]))
        {
            await peer.SendAsync("ping");
            Assert.Equal("ping", await peer.ReadToEndAsync());
        }

        // Connections are counted when they have ended; the removal of their ports waits for that.
        var stats = gateway.Host.ManagementAddresses["stats"];
        await gateway.Host.ApplyAsync(AgentGateway.Configuration.Snapshot.GatewaySnapshot.Empty, TestContext.Current.CancellationToken);
        await gateway.Host.DrainedAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(stats, "/metrics"));
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse(accept));
        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);
        return (OpenMetricsText.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)), ports[0]);
    }
}
