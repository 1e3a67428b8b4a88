using System.Net;
using System.Runtime.CompilerServices;
using AgentGateway.Tests.Configuration;
using AgentGateway.Tests.Proxy.Acceptance;
using AgentGateway.Tests.Proxy.Backends;
using Xunit;

namespace AgentGateway.Tests.Proxy.Hosting;

/// <summary>What reloads leave in memory.</summary>
public sealed class ReloadMemoryTests
{
    [Fact]
    public async Task Apply_WithTrafficBetween_LetsGoOfReplacedSnapshots()
    {
        await using var upstream = RawUpstream.Start(async (peer, _) =>
        {
            while (await peer.ReadHeadAsync() is not null)
            {
                await peer.SendAsync("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
            }
        });
        var text = Text(upstream);
        await using var gateway = await ConfiguredGateway.StartAsync(text);

        var replaced = new List<WeakReference>();
        for (var i = 0; i < 5; i++)
        {
            replaced.Add(await ReloadAsync(gateway, $"{text}\n# {i}"));
        }

        // The last one is current, and the exchange of the one before may still be on its way to the log.
        var freed = replaced[..^2];
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        for (var attempt = 0; attempt < 500 && freed.Exists(snapshot => snapshot.IsAlive); attempt++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
            await timer.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        Assert.DoesNotContain(freed, snapshot => snapshot.IsAlive);
    }

    // A method of its own, so that no local of the test keeps the snapshot.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference> ReloadAsync(TestGateway gateway, string text)
    {
        var snapshot = TestLoad.LoadValid(text, forRuntime: true).Snapshot!;
        await gateway.Host.ApplyAsync(snapshot, TestContext.Current.CancellationToken);
        using var response = await gateway.GetAsync("/x", ("x-user", "someone"));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return new WeakReference(snapshot);
    }

    private static string Text(RawUpstream upstream) => $$$"""
        frontendPolicies:
          accessLog: {add: {user: 'request.headers["x-user"]'} }
        backends:
        - name: shared
          host: 127.0.0.1:{{{upstream.Port}}}
        binds:
        - port: 0
          listeners:
          - routes:
            - matches: [{path: {regex: /y.*} } ]
              backends: [{host: 127.0.0.1:{{{upstream.Port}}} }]
            - name: x
              policies:
                cors: {allowOrigins: ['*']}
                localRateLimit: [{maxTokens: 1000000, tokensPerFill: 1000, fillInterval: 1s, key: 'request.headers["x-user"]'}]
                authorization: {rules: ['request.method == "GET"']}
                apiKey: {mode: optional, keys: [{key: abc, metadata: {a: b} } ] }
                transformations: {request: {set: {x-b: 'request.path + "x"'}} }
                retry: {attempts: 2, codes: [503]}
                timeout: {requestTimeout: 10s}
              backends: [{backend: /shared}]
            - matches: [{path: {exact: /mcp} } ]
              backends: [{mcp: {targets: [{name: a, mcp: {host: 'http://127.0.0.1:{{{upstream.Port}}}/mcp'} } ] } } ]
        """;
}
