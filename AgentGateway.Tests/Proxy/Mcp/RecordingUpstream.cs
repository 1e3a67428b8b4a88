using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>An HTTP upstream under the test's control: records what arrives and answers as told.</summary>
internal sealed class RecordingUpstream : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<Arrival> _arrivals = new();

    private RecordingUpstream(WebApplication app) => _app = app;

    public Uri Endpoint => new(new Uri(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/up/mcp");

    public IReadOnlyList<Arrival> Arrivals => [.. _arrivals];

    /// <summary>Messages that arrived by POST with this method.</summary>
    public IReadOnlyList<Arrival> Posts(string method) => [.. _arrivals.Where(arrival => (string?)arrival.Message?["method"] == method)];

    public static async Task<RecordingUpstream> StartAsync(Func<HttpContext, Arrival, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var app = builder.Build();
        var upstream = new RecordingUpstream(app);
        app.Run(async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            var body = await reader.ReadToEndAsync(context.RequestAborted);
            var arrival = new Arrival(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                body);
            upstream._arrivals.Enqueue(arrival);
            await answer(context, arrival);
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    /// <summary>Starts a server that answers initialize with a session and everything else as told.</summary>
    public static Task<RecordingUpstream> StartLegacyAsync(Func<HttpContext, Arrival, Task> answer, string? session = "up-1") => StartAsync(async (context, arrival) =>
    {
        switch ((string?)arrival.Message?["method"])
        {
            case "initialize":
                if (session is not null)
                {
                    context.Response.Headers["mcp-session-id"] = session;
                }

                await AnswerAsync(context, arrival, """{"protocolVersion":"2025-11-25","capabilities":{"tools":{}},"serverInfo":{"name":"up","version":"1"}}""");
                return;
            case "notifications/initialized":
                context.Response.StatusCode = 202;
                return;
            default:
                await answer(context, arrival);
                return;
        }
    });

    /// <summary>Answers with a JSON body.</summary>
    public static Task AnswerAsync(HttpContext context, Arrival arrival, string result)
    {
        context.Response.ContentType = "application/json; charset=utf-8";
        return context.Response.WriteAsync($"{{\"jsonrpc\":\"2.0\",\"id\":{arrival.Message!["id"]!.ToJsonString()},\"result\":{result}}}");
    }

    /// <summary>Answers with an event stream of this text.</summary>
    public static Task StreamAsync(HttpContext context, string text)
    {
        context.Response.ContentType = "text/event-stream";
        return context.Response.WriteAsync(text);
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    internal sealed record Arrival(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
    {
        /// <summary>The body when it is a JSON object.</summary>
        public JsonNode? Message { get; } = Body.StartsWith('{') ? JsonNode.Parse(Body) : null;
    }
}
