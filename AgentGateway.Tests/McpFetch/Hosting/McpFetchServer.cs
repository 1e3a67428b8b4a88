using AgentGateway.McpFetch.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Logging;
using ModelContextProtocol.Client;

namespace AgentGateway.Tests.McpFetch.Hosting;

/// <summary>The sample server on a free loopback port.</summary>
internal sealed class McpFetchServer : IAsyncDisposable
{
    private readonly WebApplication _app;

    private McpFetchServer(WebApplication app)
    {
        _app = app;
        Address = new Uri(app.Urls.Single());
    }

    internal Uri Address { get; }

    internal Uri McpEndpoint => new(Address, McpFetchHost.McpPath);

    internal static async Task<McpFetchServer> StartAsync(
        CancellationToken cancellationToken,
        Action<WebApplicationBuilder>? configure = null,
        bool allowPrivateAddresses = true)
    {
        var commandLine = new CommandLine { AllowPrivateAddresses = allowPrivateAddresses, Urls = "http://127.0.0.1:0" };
        var app = McpFetchHost.BuildHttp(commandLine, builder =>
        {
            builder.Logging.ClearProviders();
            configure?.Invoke(builder);
        });
        await app.StartAsync(cancellationToken);
        return new McpFetchServer(app);
    }

    internal Task<McpClient> ConnectAsync(CancellationToken cancellationToken, McpClientOptions? options = null) =>
        McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = McpEndpoint, TransportMode = HttpTransportMode.StreamableHttp }),
            options,
            cancellationToken: cancellationToken);

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
