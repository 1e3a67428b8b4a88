using System.Net;
using System.Text;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Tests.Proxy.Policies;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.A2a;

public sealed class A2aHandlerTests
{
    [Theory]
    [InlineData("/.well-known/agent-card.json", "https://agents.test")]
    [InlineData("/team/a/.well-known/agent.json?x=1", "https://agents.test/team/a")]
    public async Task AgentCard_ThroughTheGateway_PointsBackToIt(string path, string url)
    {
        await using var agent = await TestUpstream.StartAsync(context => TestUpstream.Json(context, """{"name":"a","url":"http://127.0.0.1:9999/"}"""));
        await using var gateway = await PolicyGateway.StartAsync(agent, [], [], [new A2aPolicy()]);
        using var request = new HttpRequestMessage(HttpMethod.Get, path) { Headers = { Host = "agents.test" } };
        request.Headers.Add("X-Forwarded-Proto", "https");
        request.Headers.Add("Accept-Encoding", "gzip");

        using var response = await gateway.Client.SendAsync(request, TestContext.Current.CancellationToken);

        var body = await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
        Assert.Equal($$"""{"name":"a","url":"{{url}}"}""", Encoding.UTF8.GetString(body));
        Assert.Equal(body.Length, response.Content.Headers.ContentLength);
        Assert.Null(agent.Last.Header("Accept-Encoding"));
    }

    [Fact]
    public async Task AgentCard_NotACard_Is503()
    {
        await using var agent = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "{}"));
        await using var gateway = await PolicyGateway.StartAsync(agent, [], [], [new A2aPolicy()]);

        using var response = await gateway.Client.GetAsync("/.well-known/agent.json", TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.StartsWith("processing failed: ", await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task AgentCard_Missing_PassesAsItIs()
    {
        await using var agent = await TestUpstream.StartAsync(context => TestUpstream.Json(context, "nothing here", 404));
        await using var gateway = await PolicyGateway.StartAsync(agent, [], [], [new A2aPolicy()]);

        using var response = await gateway.Client.GetAsync("/.well-known/agent.json", TestContext.Current.CancellationToken);

        Assert.Equal((HttpStatusCode.NotFound, "nothing here"), (response.StatusCode, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    [Fact]
    public async Task Message_RequestAndAnswer_PassUntouched()
    {
        const string answer = """{ "jsonrpc":"2.0", "id":1, "result":{"kind":"message"} }""";
        await using var agent = await TestUpstream.StartAsync(context => TestUpstream.Json(context, answer));
        await using var gateway = await PolicyGateway.StartAsync(agent, [], [], [new A2aPolicy()]);
        var message = $$"""{ "jsonrpc":"2.0", "id":1, "method":"message/send", "params":{"text":"{{new string('x', 100_000)}}"} }""";

        using var response = await gateway.Client.PostAsync("/", new StringContent(message, Encoding.UTF8, "application/json"), TestContext.Current.CancellationToken);

        Assert.Equal(message, agent.Last.Body);
        Assert.Equal(answer, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Stream_Event_ArrivesBeforeTheStreamEnds()
    {
        var release = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var agent = await TestUpstream.StartAsync(async context =>
        {
            context.Response.ContentType = "text/event-stream";
            await context.Response.WriteAsync("data: one\n\n");
            await context.Response.Body.FlushAsync();
            await release.Task;
        });
        await using var gateway = await PolicyGateway.StartAsync(agent, [], [], [new A2aPolicy()]);
        using var request = new HttpRequestMessage(HttpMethod.Post, "/") { Content = new StringContent("""{"method":"message/stream"}""", Encoding.UTF8, "application/json") };

        using var response = await gateway.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken));

        Assert.Equal("data: one", await reader.ReadLineAsync(TestContext.Current.CancellationToken));
        release.SetResult();
    }
}
