using AgentGateway.Tests.Configuration.OpenApi;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.AspNetCore;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>A REST service, a server of the older HTTP transport and one of Streamable HTTP behind one endpoint.</summary>
public sealed class TargetKindsTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("stateful", "2025-11-25")]
    [InlineData("stateless", "2025-11-25")]
    [InlineData("stateful", null)]
    public async Task SdkClient_TargetsOfSeveralKinds_AreOneServer(string mode, string? version)
    {
        await using var rest = await RecordingUpstream.StartAsync(static (context, _) => context.Response.WriteAsync("""{"from":"rest"}"""));
        await using var old = await SdkServer.StartAsync(HttpServerSessionMode.Stateful, legacySse: true);
        await using var current = await SdkServer.StartAsync(HttpServerSessionMode.Stateful);
        await using var gateway = await ConfiguredGateway.StartAsync(
            $$"""
            mcp:
              port: {{ConfiguredGateway.FreePorts(1)[0]}}
              statefulMode: {{mode}}
              targets:
              - name: library
                openapi: {schema: {file: ./library.yaml}, host: "{{rest.Endpoint.Authority}}"}
              - name: old
                sse: {host: "{{old.Endpoint}}/sse"}
              - name: current
                mcp: {host: "{{current.Endpoint}}"}
            """,
            new Dictionary<string, string> { ["./library.yaml"] = LibraryDocument.Yaml });
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
            new McpClientOptions { ProtocolVersion = version },
            cancellationToken: Cancellation);

        var names = (await client.ListToolsAsync(cancellationToken: Cancellation)).Select(static tool => tool.Name).ToList();

        Assert.Contains("library_getBook", names);
        Assert.Contains("old_echo", names);
        Assert.Contains("current_echo", names);
        Assert.Equal("""{"from":"rest"}""", await CallAsync("library_removeBook", new() { ["path"] = new { isbn = "1" } }));
        Assert.Equal("a", await CallAsync("old_echo", new() { ["message"] = "a" }));
        Assert.Equal("b", await CallAsync("current_echo", new() { ["message"] = "b" }));
        Assert.Equal("/city/v2/books/1", Assert.Single(rest.Arrivals).Target);

        async Task<string> CallAsync(string tool, Dictionary<string, object?> arguments) =>
            Assert.IsType<TextContentBlock>(Assert.Single((await client.CallToolAsync(tool, arguments, cancellationToken: Cancellation)).Content)).Text;
    }
}
