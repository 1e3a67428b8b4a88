using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AgentGateway.Tests.McpFetch;

/// <summary>A real web server on loopback whose pages a test sets by path.</summary>
internal sealed class ContentServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentDictionary<string, RequestDelegate> _pages = new(StringComparer.Ordinal);

    private ContentServer()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.Configure<KestrelServerOptions>(static kestrel => kestrel.AllowSynchronousIO = true);
        _app = builder.Build();
        _app.Run(context =>
        {
            Requests.Enqueue(context.Request.Path + context.Request.QueryString);
            LastHeaders = context.Request.Headers.ToDictionary(static h => h.Key, static h => h.Value.ToString());
            if (_pages.TryGetValue(context.Request.Path.Value!, out var page))
                return page(context);
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            return Task.CompletedTask;
        });
    }

    internal Uri Address { get; private set; } = null!;

    internal ConcurrentQueue<string> Requests { get; } = [];

    internal IReadOnlyDictionary<string, string> LastHeaders { get; private set; } = new Dictionary<string, string>();

    internal static async Task<ContentServer> StartAsync(CancellationToken cancellationToken)
    {
        var server = new ContentServer();
        await server._app.StartAsync(cancellationToken);
        server.Address = new Uri(server._app.Urls.Single());
        return server;
    }

    public async ValueTask DisposeAsync() => await _app.DisposeAsync();

    /// <summary>Address of a page, by another host name when one is given.</summary>
    internal Uri Url(string path, string? host = null) =>
        host is null ? new Uri(Address, path) : new Uri(new UriBuilder(Address) { Host = host }.Uri, path);

    internal ContentServer Page(string path, RequestDelegate page)
    {
        _pages[path] = page;
        return this;
    }

    internal ContentServer Page(string path, string? contentType, byte[] body, string? contentEncoding = null) => Page(path, context =>
    {
        if (contentType is not null)
            context.Response.ContentType = contentType;
        if (contentEncoding is not null)
            context.Response.Headers.ContentEncoding = contentEncoding;
        return context.Response.Body.WriteAsync(body, context.RequestAborted).AsTask();
    });

    internal ContentServer Page(string path, string contentType, string body) =>
        Page(path, contentType, System.Text.Encoding.UTF8.GetBytes(body));

    internal ContentServer Redirect(string path, string target, int status = StatusCodes.Status302Found) => Page(path, context =>
    {
        context.Response.StatusCode = status;
        context.Response.Headers.Location = target;
        return Task.CompletedTask;
    });
}
