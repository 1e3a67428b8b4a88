using AgentGateway.Configuration.Snapshot;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

/// <summary>CONNECT requests that are routed like any other (<c>connect.mode: route</c>).</summary>
public sealed class RoutedConnectTests
{
    [Fact]
    public async Task Connect_OverHttp11_OpensATunnelToTheAuthority()
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.SendAsync("echo:" + await peer.ReadBytesAsync(4)));
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port);
        using var peer = await RawPeer.ConnectAsync(port);

        await peer.SendAsync($"CONNECT localhost:{upstream.Port} HTTP/1.1\r\nHost: localhost:{upstream.Port}\r\nx-team: red\r\n\r\nping");

        Assert.Equal("HTTP/1.1 200 OK\r\n\r\n", await peer.ReadHeadAsync());
        Assert.Equal("echo:ping", await peer.ReadToEndAsync());
    }

    [Theory]
    [InlineData("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\n\r\n", "403", "authorization failed")]
    [InlineData("CONNECT localhost:1 HTTP/1.1\r\nHost: localhost:1\r\nx-team: red\r\n\r\n", "503", "upstream call failed: connect to")]
    [InlineData("CONNECT nowhere:1 HTTP/1.1\r\nHost: nowhere:1\r\nx-team: red\r\nx-route: none\r\n\r\n", "404", "route not found")]
    [InlineData("GET / HTTP/1.1\r\nHost: localhost:1\r\nx-team: red\r\nConnection: close\r\n\r\n", "503", "upstream call failed: connect to")]
    public async Task Connect_ThatCannotBeServed_SaysWhy(string request, string status, string body)
    {
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await StartAsync(port);
        using var peer = await RawPeer.ConnectAsync(port);

        await peer.SendAsync(request);
        var answer = await peer.ReadToEndAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer, StringComparison.Ordinal);
        Assert.Contains("\r\n\r\n" + body, answer, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Stop_WithATunnelOnWhichNothingHappens_CutsItAtTheDeadline()
    {
        await using var upstream = RawUpstream.Start(async peer => await peer.ReadToEndAsync());
        var port = ConfiguredGateway.FreePorts(1)[0];
        var time = new FakeTimeProvider();
        await using var gateway = await StartAsync(port, time);
        using var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync($"CONNECT localhost:{upstream.Port} HTTP/1.1\r\nHost: localhost:{upstream.Port}\r\nx-team: red\r\n\r\n");
        Assert.Equal("HTTP/1.1 200 OK\r\n\r\n", await peer.ReadHeadAsync());

        // No more time passes than the drain may take; the limit is for a gateway that would wait for more.
        var stopping = gateway.StopAsync();
        time.Advance(new StaticSettings().ConnectionTerminationDeadline);

        await stopping.WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
    }

    private static Task<TestGateway> StartAsync(int port, TimeProvider? time = null) => ConfiguredGateway.StartAsync(
        $$"""
        frontendPolicies: {connect: {mode: route} }
        binds:
        - port: {{port}}
          listeners:
          - routes:
            - matches: [{headers: [{name: x-route, value: {regex: "^$"} }]}, {path: {pathPrefix: /}, headers: [{name: host, value: {regex: "localhost.*"} }]}]
              policies: {authorization: {rules: ['request.headers["x-team"] == "red"']} }
              backends: [{dynamic: {} }]
        """,
        time: time);
}
