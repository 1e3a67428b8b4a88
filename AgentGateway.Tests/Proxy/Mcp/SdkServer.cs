using System.ComponentModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using ModelContextProtocol;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Protocol;
using ModelContextProtocol.Server;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>A real MCP server over Streamable HTTP, on the official SDK.</summary>
internal sealed class SdkServer(WebApplication app) : IAsyncDisposable
{
    public Uri Endpoint => new(new Uri(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First()), "/mcp");

    /// <param name="mode">Whether it keeps sessions.</param>
    /// <param name="legacySse">True serves the older HTTP transport too, at <c>/mcp/sse</c>.</param>
    public static async Task<SdkServer> StartAsync(HttpServerSessionMode mode, bool legacySse = false)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddMcpServer().WithHttpTransport(options =>
        {
            options.SessionMode = mode;
#pragma warning disable MCP9004 // The older transport is what is tested.
            options.EnableLegacySse = legacySse;
#pragma warning restore MCP9004
        }).WithTools<Tools>();
        var app = builder.Build();
        app.MapMcp("/mcp");
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new SdkServer(app);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [McpServerToolType]
    internal sealed class Tools
    {
        [McpServerTool(Name = "echo")]
        [Description("Says it again.")]
        public static string Echo(string message) => message;

        [McpServerTool(Name = "steps")]
        public static async Task<string> StepsAsync(McpServer server, RequestContext<CallToolRequestParams> context, CancellationToken cancellationToken)
        {
            for (var i = 1; i <= 3; i++)
            {
                await server.NotifyProgressAsync(
                    context.Params!.ProgressToken!.Value, new ProgressNotificationValue { Progress = i, Total = 3 }, cancellationToken: cancellationToken);
            }

            return "done";
        }

        [McpServerTool(Name = "ask")]
        public static async Task<string> AskAsync(McpServer server, CancellationToken cancellationToken)
        {
            var answer = await server.ElicitAsync(
                new ElicitRequestParams { Message = "name?", RequestedSchema = new() { Properties = { ["name"] = new ElicitRequestParams.StringSchema() } } }, cancellationToken);
            return $"{answer.Action} {answer.Content?["name"]}";
        }

        [McpServerTool(Name = "wait")]
        public static async Task<string> WaitAsync(CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return "never";
        }
    }
}
