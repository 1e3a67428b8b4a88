using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends;

/// <summary>What a reload that changes how a backend is called leaves behind.</summary>
public sealed class TransportChangeTests
{
    [Fact]
    public async Task Reload_ThatChangesTheConnections_ClosesTheIdleOnesOfBefore()
    {
        var closed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var upstream = RawUpstream.Start(async (peer, number) =>
        {
            await peer.ReadHeadAsync();
            await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            if (number == 1)
            {
                await peer.ReadToEndAsync();
                closed.SetResult();
            }
        });
        await using var gateway = await TestGateway.StartAsync(Snapshot(upstream, TimeSpan.FromSeconds(1)));
        using var first = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);

        await gateway.Host.ApplyAsync(Snapshot(upstream, TimeSpan.FromSeconds(2)), TestContext.Current.CancellationToken);

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        using var second = await gateway.Client.GetAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        Assert.Equal((200, 2), ((int)second.StatusCode, upstream.Connections));
    }

    private static GatewaySnapshot Snapshot(RawUpstream upstream, TimeSpan connectTimeout) => EchoGateway.Snapshot(
        upstream.Backend, route => route with { Backends = [route.Backends[0] with { Policies = [new BackendTcp { ConnectTimeout = connectTimeout, Keepalives = new Keepalives() }] }] });
}
