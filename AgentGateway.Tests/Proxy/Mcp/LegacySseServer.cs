using System.Threading.Channels;
using Microsoft.AspNetCore.Http;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>A server of the older HTTP transport under the test's control: a stream at <c>/sse</c>, an endpoint that the test names.</summary>
internal sealed class LegacySseServer : IAsyncDisposable
{
    private readonly Channel<string> _events = Channel.CreateUnbounded<string>();
    private readonly TaskCompletionSource _streamEnded = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public required RecordingUpstream Http { get; init; }

    public Uri Stream => new(Http.Endpoint, "/sse");

    /// <summary>Completes when the gateway has let go of the stream.</summary>
    public Task StreamEnded => _streamEnded.Task;

    /// <summary>Messages that the gateway posted.</summary>
    public IEnumerable<RecordingUpstream.Arrival> Posts => Http.Arrivals.Where(static arrival => arrival.Method == "POST");

    /// <summary>Sends text on the stream as it is.</summary>
    public void Send(string text) => _events.Writer.TryWrite(text);

    /// <summary>Sends a message.</summary>
    public void SendMessage(string json) => Send($"event: message\r\ndata: {json}\r\n\r\n");

    /// <summary>Sends the answer to a request.</summary>
    public void Answer(RecordingUpstream.Arrival request, string result) =>
        SendMessage($"{{\"jsonrpc\":\"2.0\",\"id\":{request.Message!["id"]!.ToJsonString()},\"result\":{result}}}");

    /// <summary>Ends the stream.</summary>
    public void End() => _events.Writer.TryComplete();

    /// <summary>Starts a server that answers initialize, and anything else as told; null takes the message with 202 and answers nothing.</summary>
    /// <param name="endpoint">What the endpoint event says; null sends none.</param>
    /// <param name="post">What to do with a message; true when it wrote the HTTP response itself.</param>
    public static async Task<LegacySseServer> StartAsync(
        Func<LegacySseServer, HttpContext, RecordingUpstream.Arrival, Task<bool>>? post = null, string? endpoint = "/messages?session=1")
    {
        LegacySseServer? server = null;
        var http = await RecordingUpstream.StartAsync(async (context, arrival) =>
        {
            if (arrival.Method == "GET")
            {
                await server!.StreamAsync(context, endpoint);
                return;
            }

            if ((string?)arrival.Message?["method"] == "initialize")
            {
                server!.Answer(arrival, """{"protocolVersion":"2024-11-05","capabilities":{"tools":{}},"serverInfo":{"name":"old","version":"1"}}""");
            }
            else if (post is not null && await post(server!, context, arrival))
            {
                return;
            }

            context.Response.StatusCode = 202;
            await context.Response.WriteAsync("Accepted");
        });
        return server = new LegacySseServer { Http = http };
    }

    public async ValueTask DisposeAsync()
    {
        End();
        await Http.DisposeAsync();
    }

    private async Task StreamAsync(HttpContext context, string? endpoint)
    {
        context.Response.ContentType = "text/event-stream";
        if (endpoint is not null)
        {
            await context.Response.WriteAsync($": hello\n\nevent: endpoint\ndata: {endpoint}\n\n");
        }

        await context.Response.Body.FlushAsync();
        try
        {
            await foreach (var text in _events.Reader.ReadAllAsync(context.RequestAborted))
            {
                await context.Response.WriteAsync(text, context.RequestAborted);
                await context.Response.Body.FlushAsync(context.RequestAborted);
            }
        }
        catch (OperationCanceledException)
        {
            // The gateway left.
        }
        finally
        {
            _streamEnded.TrySetResult();
        }
    }
}
