using System.Net;
using System.Net.Sockets;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Resolution;
using AgentGateway.Proxy.Backends.Transport;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Backends.Resolution;

public sealed class EndpointSetTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly ScriptedResolver _resolver = new();

    [Theory]
    [InlineData("10.1.2.3", "10.1.2.3:80")]
    [InlineData("::1", "[::1]:80")]
    public async Task GetAsync_Address_NeedsNoResolver(string host, string name)
    {
        using var set = Create(host);

        var endpoints = await set.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal([name], endpoints.Select(endpoint => endpoint.Name));
        Assert.False(set.IsNamed);
        Assert.Equal(0, _resolver.Calls);
    }

    [Fact]
    public async Task GetAsync_Name_GivesEachAddressOnce()
    {
        _resolver.Answer = ["10.0.0.1", "10.0.0.2", "10.0.0.1"];
        using var set = Create("db.example");

        var endpoints = await set.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(["10.0.0.1:80", "10.0.0.2:80"], endpoints.Select(endpoint => endpoint.Name));
        Assert.True(set.IsNamed);
    }

    [Fact]
    public async Task GetAsync_AnswerThatIsOld_IsRefreshedAndKeepsKnownEndpoints()
    {
        _resolver.Answer = ["10.0.0.1", "10.0.0.2"];
        using var set = Create("db.example");
        var before = await set.GetAsync(TestContext.Current.CancellationToken);
        _resolver.Answer = ["10.0.0.2", "10.0.0.3"];

        _time.Advance(EndpointSet.RefreshInterval + TimeSpan.FromSeconds(1));
        var stale = await set.GetAsync(TestContext.Current.CancellationToken);
        var after = await NextAsync(set, stale);

        Assert.Same(before, stale);
        Assert.Equal(["10.0.0.2:80", "10.0.0.3:80"], after.Select(endpoint => endpoint.Name));
        Assert.Same(before[1], after[0]);
    }

    [Fact]
    public async Task GetAsync_RefreshThatFails_KeepsTheOldAnswer()
    {
        _resolver.Answer = ["10.0.0.1"];
        using var set = Create("db.example");
        var before = await set.GetAsync(TestContext.Current.CancellationToken);
        _resolver.Answer = [];

        _time.Advance(EndpointSet.RefreshInterval + TimeSpan.FromSeconds(1));
        await set.GetAsync(TestContext.Current.CancellationToken);
        await _resolver.CalledAsync(2);

        Assert.Same(before, await set.GetAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task GetAsync_UnknownName_FailsAndAsksAgain()
    {
        using var set = Create("db.example");

        var thrown = await Assert.ThrowsAsync<UpstreamException>(async () => await set.GetAsync(TestContext.Current.CancellationToken));
        _resolver.Answer = ["10.0.0.1"];
        var later = await set.GetAsync(TestContext.Current.CancellationToken);

        Assert.Equal(UpstreamFailure.Resolve, thrown.Failure);
        Assert.Single(later);
    }

    private EndpointSet Create(string host) => new(new TargetAddress(host, 80), TransportOptions.Default, new SocketConnector(_time), _resolver, _time);

    private static async Task<UpstreamEndpoint[]> NextAsync(EndpointSet set, UpstreamEndpoint[] known)
    {
        while (true)
        {
            var now = await set.GetAsync(TestContext.Current.CancellationToken);
            if (!ReferenceEquals(now, known))
            {
                return now;
            }

            await Task.Yield();
        }
    }

    private sealed class ScriptedResolver : IHostResolver
    {
        private readonly System.Threading.Channels.Channel<bool> _called = System.Threading.Channels.Channel.CreateUnbounded<bool>();

        public volatile string[] Answer = [];

        public int Calls { get; private set; }

        public ValueTask<IPAddress[]> ResolveAsync(string host, CancellationToken cancellationToken)
        {
            Calls++;
            _called.Writer.TryWrite(true);
            return Answer.Length == 0
                ? ValueTask.FromException<IPAddress[]>(new SocketException((int)SocketError.HostNotFound))
                : new([.. Answer.Select(IPAddress.Parse)]);
        }

        public async Task CalledAsync(int times)
        {
            for (var i = 0; i < times; i++)
            {
                await _called.Reader.ReadAsync(TestContext.Current.CancellationToken);
            }
        }
    }
}
