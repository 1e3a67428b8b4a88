using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>The upstream where nginx cannot be it (paced event streams), or is not there; also takes the spans of the traced gateway.</summary>
internal static class MockUpstream
{
    /// <summary>Body of the small answer; nginx gives the same.</summary>
    public const string SmallBody =
        """{"id":"bench-1","object":"answer","created":1764000000,"text":"A fixed answer that never changes between requests and is about as long as a short real one, so that what is measured is the proxy in between and not the making of the answer.","parts":[{"index":0,"name":"first","value":12345},{"index":1,"name":"second","value":67890},{"index":2,"name":"third","value":13579}],"usage":{"input":25,"output":42,"total":67}}""";

    public const int Events = 20;

    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(10);

    public static async Task<int> RunAsync(int port)
    {
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { Args = [] });
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.ListenLocalhost(port, listen => listen.Protocols = HttpProtocols.Http1));
        var app = builder.Build();
        var small = Encoding.UTF8.GetBytes(SmallBody);
        app.Map("/small", context => SmallAsync(context, small));
        app.MapGet("/events", EventsAsync);
        app.MapPost("/v1/traces", context => DrainAsync(context));
        await app.RunAsync();
        return 0;
    }

    private static async Task SmallAsync(HttpContext context, byte[] body)
    {
        await DrainAsync(context);
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = body.Length;
        await context.Response.BodyWriter.WriteAsync(body);
    }

    private static async Task EventsAsync(HttpContext context)
    {
        context.Response.ContentType = "text/event-stream";
        for (var i = 0; i < Events; i++)
        {
            await context.Response.BodyWriter.WriteAsync(Encoding.UTF8.GetBytes($"data: {{\"index\":{i},\"delta\":\" token\"}}\n\n"), context.RequestAborted);
            await Task.Delay(Pace, context.RequestAborted);
        }
    }

    private static async Task DrainAsync(HttpContext context)
    {
        while (true)
        {
            var read = await context.Request.BodyReader.ReadAsync(context.RequestAborted);
            context.Request.BodyReader.AdvanceTo(read.Buffer.End);
            if (read.IsCompleted)
            {
                return;
            }
        }
    }
}
