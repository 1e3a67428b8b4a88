using AgentGateway.Tests.Proxy.Backends;
using AgentGateway.Tests.Proxy.Policies;
using Xunit;

namespace AgentGateway.Tests.Proxy.Requests;

/// <summary>What head and connection say about a body that was not sent, not read, or changed by policies.</summary>
public sealed class ReplyFramingTests
{
    [Theory]
    [InlineData("Expect: 100-continue\r\n", true)]
    [InlineData("", false)]
    public async Task Refusal_OfARequestThatWaitsForItsTurn_ClosesTheConnection(string expect, bool closes)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{apiKey: {mode: strict, keys: [{key: k1}]}}");

        var (head, _) = await gateway.SendRawAsync($"POST / HTTP/1.1\r\nHost: a\r\n{expect}Content-Length: 5\r\n\r\n{(closes ? "" : "hello")}");

        Assert.StartsWith("HTTP/1.1 401 ", head, StringComparison.Ordinal);
        Assert.Equal(closes, head.Contains("\r\nConnection: close\r\n", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("{transformations: {response: {set: {':status': '201'}}}}")]
    [InlineData("{transformations: {response: {set: {':status': '201', x-size: string(size(response.body))}}}}")]
    public async Task Status_WithABodyInThePlaceOfOneWithout_HasAnEmptyBody(string policies)
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\nETag: \"a\"\r\n\r\n");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, policies);

        var (head, _) = await gateway.SendRawAsync("GET / HTTP/1.1\r\nHost: a\r\n\r\n");

        Assert.StartsWith("HTTP/1.1 201 ", head, StringComparison.Ordinal);
        Assert.Contains("\r\nContent-Length: 0\r\n", head, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Head_OfABodyThatPoliciesReplace_SaysNoLength()
    {
        await using var upstream = RawUpstream.Answering("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n");
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, "{transformations: {response: {body: 'string(response.body) + \"!\"'}}}");
        using var peer = await RawPeer.ConnectAsync(gateway.Address.Port);

        await peer.SendAsync("HEAD / HTTP/1.1\r\nHost: a\r\n\r\n");
        var head = await peer.ReadHeadAsync();

        Assert.StartsWith("HTTP/1.1 200 ", head, StringComparison.Ordinal);
        Assert.DoesNotContain("Content-Length", head, StringComparison.OrdinalIgnoreCase);
    }
}
