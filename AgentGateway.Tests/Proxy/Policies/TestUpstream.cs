using System.Net;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies;

/// <summary>A server on loopback that keeps what it was asked and answers as told; stands in for upstreams, identity providers and called services.</summary>
internal sealed class TestUpstream : IAsyncDisposable
{
    private readonly WebApplication _application;
    private readonly List<SeenRequest> _seen = [];

    private TestUpstream(WebApplication application) => _application = application;

    /// <summary>Answers requests; <c>200</c> without a body by default.</summary>
    public Func<HttpContext, Task> Answer { get; set; } = static _ => Task.CompletedTask;

    public Uri Address => new(_application.Urls.First());

    public int Port => Address.Port;

    public IReadOnlyList<SeenRequest> Seen
    {
        get
        {
            lock (_seen)
            {
                return [.. _seen];
            }
        }
    }

    public SeenRequest Last => Seen[^1];

    /// <summary>Starts a server; with <paramref name="http2"/> it speaks HTTP/2 by prior knowledge only.</summary>
    public static async Task<TestUpstream> StartAsync(Func<HttpContext, Task>? answer = null, bool http2 = false, Action<WebApplicationBuilder>? build = null, Action<WebApplication>? map = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            options.Listen(IPAddress.Loopback, 0, listen => listen.Protocols = http2 ? HttpProtocols.Http2 : HttpProtocols.Http1);
        });
        build?.Invoke(builder);
        var application = builder.Build();
        var upstream = new TestUpstream(application);
        if (answer is not null)
        {
            upstream.Answer = answer;
        }

        if (map is not null)
        {
            map(application);
        }
        else
        {
            application.Run(upstream.HandleAsync);
        }

        await application.StartAsync(TestContext.Current.CancellationToken);
        return upstream;
    }

    public static Task Json(HttpContext context, string json, int status = 200)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(json);
    }

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private async Task HandleAsync(HttpContext context)
    {
        using var body = new MemoryStream();
        await context.Request.Body.CopyToAsync(body);
        lock (_seen)
        {
            _seen.Add(new SeenRequest(
                context.Request.Method,
                context.Request.Path + context.Request.QueryString,
                context.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase),
                Encoding.UTF8.GetString(body.ToArray())));
        }

        await Answer(context);
    }
}

/// <summary>A request as the server saw it.</summary>
internal sealed record SeenRequest(string Method, string Target, IReadOnlyDictionary<string, string> Headers, string Body)
{
    public string? Header(string name) => Headers.GetValueOrDefault(name);

    /// <summary>The body as a form.</summary>
    public ILookup<string, string> Form => Body.Split('&', StringSplitOptions.RemoveEmptyEntries)
        .Select(pair => pair.Split('=', 2))
        .ToLookup(pair => Uri.UnescapeDataString(pair[0].Replace('+', ' ')), pair => Uri.UnescapeDataString(pair[1].Replace('+', ' ')));
}
