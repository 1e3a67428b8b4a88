using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Logging;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

/// <summary>Ports that a reload removes or changes, and the process that stops: what is under way ends well, what is idle is closed, nothing is lost.</summary>
public sealed class DrainTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Removal_OfAPort_LetsRequestsEndAndClosesIdleConnections(bool byReload)
    {
        var asked = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            while (true)
            {
                if ((await peer.ReadHeadAsync()).StartsWith("GET /slow ", StringComparison.Ordinal))
                {
                    asked.SetResult();
                    await answer.Task;
                }

                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood");
            }
        });
        var port = TestPorts.Free(1)[0];
        var snapshot = TestGateway.OneRoute(upstream.Backend);
        await using var gateway = await TestGateway.StartAsync(
            snapshot with { Binds = [snapshot.Binds[0] with { Port = port }] }, new StaticSettings { ConnectionTerminationDeadline = TimeSpan.FromMinutes(30) });
        using var silent = await RawPeer.ConnectAsync(port);
        using var idle = await RawPeer.ConnectAsync(port);
        await idle.SendAsync("GET /idle HTTP/1.1\r\nHost: a\r\n\r\n");
        await idle.ReadResponseAsync();
        using var busy = await RawPeer.ConnectAsync(port);
        await busy.SendAsync("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        await asked.Task;

        var stopping = byReload ? gateway.Host.ApplyAsync(GatewaySnapshot.Empty, Cancelled) : gateway.StopAsync();

        // Neither the deadline nor the slow request keeps an idle connection open.
        Assert.Equal("", await idle.ReadToEndAsync());
        answer.SetResult();

        // Whether the head says `Connection: close` depends on which connection the server told first; it closes all the same.
        Assert.Equal("good", (await busy.ReadResponseAsync()).Body);
        Assert.Equal("", await busy.ReadToEndAsync());
        Assert.Equal("", await silent.ReadToEndAsync());
        await stopping;
        await gateway.Host.DrainedAsync();
        using var late = new TcpClient();
        await Assert.ThrowsAsync<SocketException>(() => late.ConnectAsync("127.0.0.1", port, Cancelled).AsTask());
    }

    [Fact]
    public async Task Removal_WhenARequestNeverEnds_CutsItAtTheDeadline()
    {
        var asked = new TaskCompletionSource();
        await using var upstream = RawUpstream.Start(async peer =>
        {
            await peer.ReadHeadAsync();
            asked.SetResult();
            await peer.ReadToEndAsync();
        });
        using var lines = new MemoryStream();
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await TestGateway.StartAsync(
                TestGateway.OneRoute(upstream.Backend),
                new StaticSettings { ConnectionTerminationDeadline = TimeSpan.FromMilliseconds(200) },
                telemetry: new TelemetryConnections { AccessLog = output });
            using var busy = await RawPeer.ConnectAsync(gateway.Address.Port);
            await busy.SendAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");
            await asked.Task;

            await gateway.Host.ApplyAsync(GatewaySnapshot.Empty, Cancelled);

            Assert.Equal("", await busy.ReadToEndAsync());
            await gateway.Host.DrainedAsync();
        }

        Assert.Contains(" error=\"the gateway closed the connection at the end of draining\" ", Encoding.UTF8.GetString(lines.ToArray()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Reloads_UnderLoad_LoseNoRequestAndNoRecord()
    {
        const int clients = 6;
        const int reloads = 40;
        await using var upstream = Echo();
        using var lines = new MemoryStream();
        var failures = new ConcurrentQueue<string>();
        long answered = 0;
        using (var output = new LogOutput(lines))
        {
            await using var gateway = await TestGateway.StartAsync(Version(upstream.Backend, 0), telemetry: new TelemetryConnections { AccessLog = output });
            var port = gateway.AddressOf("bind/0").Port;
            var versions = new ConcurrentDictionary<string, bool>();
            using var done = new CancellationTokenSource();
            var running = Enumerable.Range(0, clients).Select(client => Task.Run(() => AskAsync(client))).ToList();
            for (var version = 1; version <= reloads; version++)
            {
                Assert.Empty(await gateway.Host.ApplyAsync(Version(upstream.Backend, version), Cancelled));
                var seen = $"v{version}";
                while (!versions.ContainsKey(seen) && failures.IsEmpty)
                {
                    // Each version is served before the next one comes: connections that stay open see it too.
                    await Task.Yield();
                }
            }

            await done.CancelAsync();
            await Task.WhenAll(running);

            async Task AskAsync(int client)
            {
                RawPeer? peer = null;
                for (var number = 0; !done.IsCancellationRequested; number++)
                {
                    var token = $"/{client}-{number}";
                    try
                    {
                        peer ??= await RawPeer.ConnectAsync(port);
                        await peer.SendAsync($"GET {token} HTTP/1.1\r\nHost: a\r\n\r\n");
                        var (head, body) = await peer.ReadResponseAsync();
                        if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal) || !body.StartsWith($"GET {token} HTTP", StringComparison.Ordinal))
                        {
                            failures.Enqueue(head + body);
                        }

                        versions[body.Split("x-version: ")[1].Split('\r')[0]] = true;
                        Interlocked.Increment(ref answered);
                    }
                    catch (Exception error) when (error is SocketException or EndOfStreamException or IndexOutOfRangeException)
                    {
                        failures.Enqueue(error.ToString());
                    }

                    // Half of the clients keep their connection all the time.
                    if (client % 2 == 0)
                    {
                        peer?.Dispose();
                        peer = null;
                    }
                }

                peer?.Dispose();
            }
        }

        Assert.Empty(failures);
        Assert.Equal(answered, Encoding.UTF8.GetString(lines.ToArray()).Split('\n').Length - 1);
    }

    // A port that stays, and one that comes and goes.
    private static GatewaySnapshot Version(BackendSnapshot backend, int version)
    {
        var bind = TestGateway.OneRoute(backend).Binds[0];
        var route = bind.Listeners[0].Routes[0] with { Policies = [new RequestHeaderModifier(new() { Set = new EquatableMap<string>([new("x-version", $"v{version}")]) })] };
        var listener = bind.Listeners[0] with { Routes = [route] };
        return new GatewaySnapshot
        {
            Binds = [bind with { Listeners = [listener] }, bind with { Key = $"bind/{1 + (version % 3)}", Listeners = [listener] }],
        };
    }

    private static RawUpstream Echo() => RawUpstream.Start(async peer =>
    {
        while (true)
        {
            var head = await peer.ReadHeadAsync();
            await peer.SendAsync($"HTTP/1.1 200 OK\r\nContent-Length: {head.Length}\r\n\r\n{head}");
        }
    });
}
