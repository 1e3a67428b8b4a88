using System.Globalization;
using System.Text.Json;
using AgentGateway.Tests.McpFetch;
using AgentGateway.Tests.Telemetry.Otlp;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>
/// What a newcomer does: start the gateway with the sample server behind it, connect a real MCP client, call <c>fetch</c>, look at the trace.
/// </summary>
public sealed class MainJobTests
{
    private static readonly Dictionary<string, string> AllowPrivateAddresses = new(StringComparer.Ordinal) { ["MCPFETCH_ALLOW_PRIVATE_ADDRESSES"] = "true" };

    /// <summary>The last revision with an initialize handshake and sessions, which most clients speak.</summary>
    private const string WithSessions = "2025-11-25";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task ToolCall_ThroughTheGateway_ReturnsThePageAndItsTrace()
    {
        await using var site = await ContentServer.StartAsync(Cancelled);
        site.Page("/page", context => WriteHtmlAsync(context, "<h1>Title</h1><p>Some <em>text</em>.</p>"));
        await using var gateway = await GatewayProcess.StartAsync(Configuration(), AllowPrivateAddresses);
        await using var client = await ConnectAsync(gateway);

        Assert.Equal(["fetch"], (await client.ListToolsAsync(cancellationToken: Cancelled)).Select(tool => tool.Name));
        var result = await FetchAsync(client, site.Url("/page"));

        Assert.NotEqual(true, result.IsError);
        Assert.Contains("# Title", Text(result), StringComparison.Ordinal);

        var root = await FindRootAsync(gateway, "tools/call");
        Assert.Equal("Server", root.GetProperty("kind").GetString());
        var attributes = root.GetProperty("attributes");
        Assert.Equal("tools/call", attributes.GetProperty("mcp.method.name").GetString());
        Assert.Equal("fetch", attributes.GetProperty("gen_ai.tool.name").GetString());
        Assert.Equal(client.SessionId, attributes.GetProperty("mcp.session.id").GetString());
        var child = Assert.Single(root.GetProperty("children").EnumerateArray());
        Assert.Equal("tools/call fetch_fetch", child.GetProperty("name").GetString());
        Assert.Equal("Client", child.GetProperty("kind").GetString());
        Assert.Equal("fetch", child.GetProperty("attributes").GetProperty("mcp.target").GetString());
    }

    [Theory]
    [InlineData("grpc")]
    [InlineData("http")]
    public async Task ToolCall_WithACollector_ReachesItWithTheConfiguredHeader(string protocol)
    {
        await using var collector = await OtlpReceiver.StartAsync(Cancelled);
        var endpoint = protocol == "grpc" ? collector.GrpcEndpoint : collector.HttpEndpoint;
        await using var gateway = await GatewayProcess.StartAsync(Configuration($$"""
            otlpEndpoint: {{endpoint}}
                otlpProtocol: {{protocol}}
                headers: {Authorization: "Basic dXNlcjpwYXNz"}
            """));
        await using (var client = await ConnectAsync(gateway))
        {
            var result = await FetchAsync(client, new Uri("http://127.0.0.1:1/"));
            Assert.True(result.IsError);
        }

        Assert.Equal(0, await gateway.TerminateAsync());

        var export = Assert.Single(collector.Exports, export => export.Spans.Any(span => span.Name == "tools/call"));
        Assert.Equal("Basic dXNlcjpwYXNz", export.Headers["authorization"]);
        if (protocol == "http")
        {
            Assert.Equal("/v1/traces", export.Path);
        }

        var server = export.Spans.Single(span => span.Name == "tools/call");
        var call = export.Spans.Single(span => span.Name == "tools/call fetch_fetch");
        Assert.Equal(server.SpanId, call.ParentSpanId);
        Assert.Equal("agentgateway", server.Resource["service.name"]);
    }

    [Fact]
    public async Task Termination_InTheMiddleOfASession_LeavesNoChild()
    {
        await using var gateway = await GatewayProcess.StartAsync(Configuration());
        await using var client = await ConnectAsync(gateway);
        var children = gateway.Descendants();
        Assert.NotEmpty(children);

        Assert.Equal(0, await gateway.TerminateAsync());

        Assert.DoesNotContain(children, ProcessTree.IsAlive);
    }

    [Fact]
    public async Task ChildThatIsKilledInMidCall_GivesTheClientAnError()
    {
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var site = await ContentServer.StartAsync(Cancelled);
        site.Page("/never", async context =>
        {
            reached.SetResult();
            await Task.Delay(Timeout.Infinite, context.RequestAborted);
        });
        await using var gateway = await GatewayProcess.StartAsync(Configuration(), AllowPrivateAddresses);
        await using var client = await ConnectAsync(gateway);
        var call = FetchAsync(client, site.Url("/never"));
        await reached.Task.WaitAsync(Cancelled);

        foreach (var child in gateway.Descendants())
        {
            System.Diagnostics.Process.GetProcessById(child).Kill();
        }

        await Assert.ThrowsAnyAsync<McpException>(() => call.WaitAsync(TimeSpan.FromSeconds(60), Cancelled));
    }

    [Fact]
    public async Task Collector_ThatIsDown_CostsCallsNothingAndOneLine()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            Configuration("otlpEndpoint: http://127.0.0.1:1"), new Dictionary<string, string>(StringComparer.Ordinal) { ["OTEL_BSP_SCHEDULE_DELAY"] = "20" });
        await using (var client = await ConnectAsync(gateway))
        {
            for (var i = 0; i < 5; i++)
            {
                await client.ListToolsAsync(cancellationToken: Cancelled);
            }
        }

        Assert.Equal(0, await gateway.TerminateAsync());

        // One line in half a minute; a machine that is busy elsewhere may need longer for the calls.
        Assert.InRange(gateway.Output.Split('\n').Count(line => line.Contains("127.0.0.1:1", StringComparison.Ordinal)), 1, 3);
    }

    private static string Configuration(string tracing = "otlpEndpoint: http://127.0.0.1:1") => $$"""
        config:
          adminAddr: 127.0.0.1:{admin}
          statsAddr: 127.0.0.1:{stats}
          readinessAddr: 127.0.0.1:{readiness}
          tracing:
            {{tracing}}
            randomSampling: true
        binds:
        - port: {port}
          listeners:
          - routes:
            - backends:
              - mcp:
                  targets:
                  - name: fetch
                    stdio:
                      cmd: dotnet
                      args: ["{{Path.Combine(AppContext.BaseDirectory, "AgentGateway.McpFetch.dll")}}", "--stdio"]
        """;

    private static Task<McpClient> ConnectAsync(GatewayProcess gateway) => McpClient.CreateAsync(
        new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
        new McpClientOptions { ProtocolVersion = WithSessions },
        cancellationToken: Cancelled);

    private static async Task<CallToolResult> FetchAsync(McpClient client, Uri url) =>
        await client.CallToolAsync("fetch", new Dictionary<string, object?>(StringComparer.Ordinal) { ["url"] = url.ToString() }, cancellationToken: Cancelled);

    private static string Text(CallToolResult result) => string.Concat(result.Content.OfType<TextContentBlock>().Select(block => block.Text));

    private static Task WriteHtmlAsync(HttpContext context, string html)
    {
        context.Response.ContentType = "text/html; charset=utf-8";
        return context.Response.WriteAsync(html, context.RequestAborted);
    }

    /// <summary>The newest root span with a name; it is stored when the response has ended, which may be just after the client has read it.</summary>
    private static async Task<JsonElement> FindRootAsync(GatewayProcess gateway, string name)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        for (var attempt = 0; attempt < 200; attempt++)
        {
            using var json = JsonDocument.Parse(await gateway.Client.GetStringAsync(new Uri(gateway.AdminAddress, "/api/traces"), Cancelled));
            foreach (var span in json.RootElement.EnumerateArray().SelectMany(trace => trace.GetProperty("spans").EnumerateArray()))
            {
                if (span.GetProperty("name").GetString() == name)
                {
                    return span.Clone();
                }
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }

        throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"no span named {name} in the trace store"));
    }
}
