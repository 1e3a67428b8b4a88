using System.Net;
using System.Threading.Channels;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>The event streams of several targets as one.</summary>
public sealed class EventsTests
{
    private const string Updated = """{"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"memo://one"}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_SeveralStreams_MessagesOfAllWithPrefixes()
    {
        var ofA = Channel.CreateUnbounded<string>();
        var ofB = Channel.CreateUnbounded<string>();
        await using var a = await StartAsync("a", ofA);
        await using var b = await StartAsync("b", ofB);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        Assert.NotNull((await client.AskAsync(RawMcpClient.Request(1, "resources/subscribe", """{"uri":"b+memo://one"}""")))[^1]["result"]);
        Assert.Equal("memo://one", (string?)Assert.Single(b.Posts("resources/subscribe")).Message!["params"]!["uri"]);
        Assert.Empty(a.Posts("resources/subscribe"));

        using var response = await client.SendAsync(client.Get());
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);
        ofB.Writer.TryWrite(Updated);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("b+memo://one", (string?)frames.Current["params"]!["uri"]);
        ofA.Writer.TryWrite("""{"jsonrpc":"2.0","id":7,"method":"roots/list"}""");
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("agw_a_n_7", (string?)frames.Current["id"]);
        ofA.Writer.TryWrite("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}""");
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("agw_a_n_7", (string?)frames.Current["params"]!["requestId"]);

        // One stream ends; the other goes on.
        ofA.Writer.Complete();
        ofB.Writer.TryWrite(Updated);
        Assert.True(await frames.MoveNextAsync());
        ofB.Writer.Complete();
        Assert.False(await frames.MoveNextAsync());
    }

    [Fact]
    public async Task Get_OneHasNoStream_OthersAreServed()
    {
        var ofB = Channel.CreateUnbounded<string>();
        await using var a = await StubServer.StartAsync("a");
        await using var b = await StartAsync("b", ofB);
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        ofB.Writer.TryWrite(Updated);

        using var response = await client.SendAsync(client.Get());
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);

        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("b+memo://one", (string?)frames.Current["params"]!["uri"]);
    }

    [Fact]
    public async Task Get_NoneHasAStream_MethodNotAllowed()
    {
        await using var a = await StubServer.StartAsync("a");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", a.Endpoint)));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.SendAsync(client.Get());

        Assert.Equal(HttpStatusCode.MethodNotAllowed, response.StatusCode);
        Assert.Equal("GET event stream is not supported by any upstream", await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Theory]
    [InlineData(false, HttpStatusCode.BadGateway)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Get_OneFails_FailsOrIsLeftOut(bool isOpen, HttpStatusCode status)
    {
        await using var a = await StubServer.StartAsync("a", static (context, arrival) =>
        {
            context.Response.StatusCode = arrival.Method == "GET" ? 502 : 200;
            return Task.FromResult(arrival.Method == "GET");
        });
        await using var b = await StartAsync("b", Channel.CreateUnbounded<string>());
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)) with { FailOpen = isOpen });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.SendAsync(client.Get());

        Assert.Equal(status, response.StatusCode);
    }

    [Fact]
    public async Task Get_SlowHeadOfOne_DoesNotHoldUpTheOther()
    {
        await using var a = await StubServer.StartAsync("a", static async (context, arrival) =>
        {
            if (arrival.Method != "GET")
            {
                return false;
            }

            await Task.Delay(Timeout.Infinite, context.RequestAborted).ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Default);
            return true;
        });
        var backend = McpTestBackends.Several(("a", a.Endpoint));
        await using var gateway = await TestGateway.StartAsync(backend with { Targets = [.. backend.Targets, McpTestBackends.StdioTarget("p")] });
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        using var response = await client.SendAsync(client.Get());
        Assert.Equal("changed", await client.CallAsync("p_change"));
        await using var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation);

        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", (string?)frames.Current["method"]);
    }

    private static Task<RecordingUpstream> StartAsync(string name, Channel<string> events) => StubServer.StartAsync(name, async (context, arrival) =>
    {
        if (arrival.Method != "GET")
        {
            return false;
        }

        await RecordingUpstream.StreamAsync(context, ": open\n\n");
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await foreach (var json in events.Reader.ReadAllAsync(context.RequestAborted))
        {
            await context.Response.WriteAsync($"data: {json}\n\n", context.RequestAborted);
            await context.Response.Body.FlushAsync(context.RequestAborted);
        }

        return true;
    });
}
