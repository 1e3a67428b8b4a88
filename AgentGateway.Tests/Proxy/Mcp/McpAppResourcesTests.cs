using System.Text;
using AgentGateway.Proxy.Mcp;
using AgentGateway.Tests.Proxy.Acceptance;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class McpAppResourcesTests
{
    [Theory]
    [InlineData("""{"name":"a","_meta":{"ui":{"resourceUri":"ui://secret","x":1}}}""", """{"name":"a","_meta":{"ui":{"x":1}}}""")]
    [InlineData("""{"name":"a","_meta":{"ui/resourceUri":"ui://secret","n":1.50}}""", """{"name":"a","_meta":{"n":1.50}}""")]
    [InlineData("""{"name":"a","_meta":{"ui":{"resourceUri":"ui://open"}}}""", null)]
    [InlineData("""{"name":"resourceUri"}""", null)]
    [InlineData("""{"name":"a","_meta":{"ui":{"resourceUri":7}}}""", null)]
    [InlineData("""["resourceUri"]""", null)]
    public void WithoutRefused_Tool_LosesPagesThatAreNotAllowed(string tool, string? expected) =>
        Assert.Equal(expected, McpAppResources.WithoutRefused(Encoding.UTF8.GetBytes(tool), static uri => uri != "ui://secret") is { } changed ? Encoding.UTF8.GetString(changed) : null);

    [Fact]
    public async Task List_OfToolsWithPages_LosesReferencesThatTheRulesHide()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync((context, arrival) => RecordingUpstream.AnswerAsync(
            context, arrival, """{"tools":[{"name":"map","_meta":{"ui":{"resourceUri":"ui://map"}}},{"name":"admin","_meta":{"ui":{"resourceUri":"ui://admin"}}}]}"""));
        var port = ConfiguredGateway.FreePorts(1)[0];
        await using var gateway = await ConfiguredGateway.StartAsync($$"""
            mcp:
              port: {{port}}
              policies: {mcpAuthorization: {rules: ['has(mcp.tool)', 'mcp.resource.name == "ui://map"']} }
              targets: [{name: app, mcp: {host: "{{upstream.Endpoint}}"} }]
            """);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var tools = (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!;

        Assert.Equal("""[{"name":"map","_meta":{"ui":{"resourceUri":"ui://map"}}},{"name":"admin","_meta":{"ui":{}}}]""", tools.ToJsonString());
    }
}
