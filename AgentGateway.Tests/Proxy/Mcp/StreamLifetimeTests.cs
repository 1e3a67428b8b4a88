using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>How long streams live: quiet ones, those of clients that leave, and those of backends that go.</summary>
public sealed class StreamLifetimeTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Post_QuietCall_HeadAfterASecondThenComments()
    {
        var time = new FakeTimeProvider();
        var called = new TaskCompletionSource();
        var answer = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartLegacyAsync(async (context, _) =>
        {
            await RecordingUpstream.StreamAsync(context, ": begun\n\n");
            await context.Response.Body.FlushAsync();
            called.SetResult();
            await answer.Task;
            await context.Response.WriteAsync("data: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint), time: time);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var post = client.PostAsync(RawMcpClient.Call(1, "x"));
        await called.Task.WaitAsync(Cancellation);
        using var response = await AdvanceUntilAsync(time, post);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));

        Assert.Equal(":", await AdvanceUntilAsync(time, reader.ReadLineAsync(Cancellation).AsTask()));
        answer.SetResult();
        Assert.Contains("event: message\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n", await reader.ReadToEndAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Post_ClientLeaves_TheUpstreamCallIsFreed()
    {
        var called = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var upstream = await RecordingUpstream.StartLegacyAsync(async (context, _) =>
        {
            await RecordingUpstream.StreamAsync(context, ": begun\n\n");
            await context.Response.Body.FlushAsync();
            context.RequestAborted.Register(aborted.SetResult);
            called.SetResult();
            await aborted.Task;
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var leave = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        using var request = client.Post(RawMcpClient.Call(1, "x"));
        var call = gateway.Client.SendAsync(request, leave.Token);
        await called.Task.WaitAsync(Cancellation);

        await leave.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => call);
        await aborted.Task.WaitAsync(TimeSpan.FromSeconds(60), Cancellation);
        Assert.DoesNotContain(upstream.Arrivals, arrival => arrival.Body.Contains("cancelled", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Post_ClientLeavesAStdioCall_TheSessionGoesOnWithTheSameId()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var response = await client.PostAsync(RawMcpClient.Call(5, "elicit"));
        await using (var frames = RawMcpClient.ReadAsync(response).GetAsyncEnumerator(Cancellation))
        {
            Assert.True(await frames.MoveNextAsync());
        }

        response.Dispose();

        // The identifier is free again as soon as the gateway has seen that the client left.
        HttpStatusCode status;
        do
        {
            using var again = await client.PostAsync(RawMcpClient.Call(5, "echo"));
            status = again.StatusCode;
        }
        while (status == HttpStatusCode.InternalServerError && !Cancellation.IsCancellationRequested);
        Assert.Equal(HttpStatusCode.OK, status);
    }

    [Fact]
    public async Task Reload_BackendChangesDuringACall_TheCallIsAnsweredFirst()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var response = await client.PostAsync(RawMcpClient.Request(1, "tools/call", """{"name":"slow","arguments":{"ms":300}}"""));

        await gateway.Host.ApplyAsync(TestGateway.OneRoute(McpTestBackends.Stdio("--banner")), Cancellation);

        Assert.Equal("done", (string?)Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!["content"]![0]!["text"]);
        using var later = await client.PostAsync(RawMcpClient.Call(2, "echo"));
        Assert.Equal(HttpStatusCode.NotFound, later.StatusCode);
    }

    [Fact]
    public async Task Get_SecondStreamOfAStdioSession_TakesOver()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var first = await client.SendAsync(client.Get());
        using var second = await client.SendAsync(client.Get());

        Assert.Equal("changed", await client.CallAsync("change"));

        Assert.Empty(await RawMcpClient.FramesAsync(first));
        await using var frames = RawMcpClient.ReadAsync(second).GetAsyncEnumerator(Cancellation);
        Assert.True(await frames.MoveNextAsync());
        Assert.Equal("notifications/tools/list_changed", (string?)frames.Current["method"]);
    }

    [Fact]
    public async Task Get_StdioServerDies_TheStreamEnds()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var events = await client.SendAsync(client.Get());

        Assert.NotNull((await client.AskAsync(RawMcpClient.Call(1, "crash")))[0]["error"]);

        Assert.Empty(await RawMcpClient.FramesAsync(events).WaitAsync(TimeSpan.FromSeconds(60), Cancellation));
    }

    // The gateway starts its timers when it gets there: time goes on until the task is done.
    private static async Task<T> AdvanceUntilAsync<T>(FakeTimeProvider time, Task<T> task)
    {
        while (!task.IsCompleted)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            await Task.Yield();
            Cancellation.ThrowIfCancellationRequested();
        }

        return await task;
    }
}
