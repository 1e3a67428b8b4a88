using System.Text.Json;
using AgentGateway.Tests.McpFetch;
using AgentGateway.Tests.McpFetch.Hosting;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>The command line of the MCP Inspector, as a newcomer uses it: against the sample server, and against the gateway before it.</summary>
public sealed class InspectorTests
{
    private static readonly Dictionary<string, string> AllowPrivateAddresses = new(StringComparer.Ordinal) { ["MCPFETCH_ALLOW_PRIVATE_ADDRESSES"] = "true" };

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task SampleServer_ListAndCall_Work()
    {
        await using var server = await McpFetchServer.StartAsync(Cancelled);

        await AssertFetchWorksAsync(server.McpEndpoint);
    }

    [Fact]
    public async Task SampleServer_CallThatFails_IsAToolError()
    {
        await using var server = await McpFetchServer.StartAsync(Cancelled);

        var result = await CallFetchAsync(server.McpEndpoint, "ftp://example.com/");

        Assert.True(result.GetProperty("isError").GetBoolean());
        Assert.Contains("only http and https", result.GetProperty("content")[0].GetProperty("text").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Gateway_ListAndCall_Work()
    {
        await using var gateway = await GatewayProcess.StartAsync(
            """
            config:
              adminAddr: 127.0.0.1:{admin}
              statsAddr: 127.0.0.1:{stats}
              readinessAddr: 127.0.0.1:{readiness}
            mcp:
              port: {port}
              targets:
              - name: fetch
                stdio: {cmd: dotnet, args: [artifacts/examples/mcp-fetch/AgentGateway.McpFetch.dll, --stdio]}
            """,
            AllowPrivateAddresses);

        await AssertFetchWorksAsync(new Uri(gateway.Address, "/mcp"));
    }

    private static async Task AssertFetchWorksAsync(Uri endpoint)
    {
        await using var site = await ContentServer.StartAsync(Cancelled);
        site.Page("/page", "text/html", "<h1>Hello</h1><p>from <b>here</b></p>");

        var listed = await PeerTools.InspectAsync(endpoint, "--method", "tools/list");
        var called = await CallFetchAsync(endpoint, site.Url("/page").ToString());

        Assert.Equal("fetch", Assert.Single(listed.GetProperty("tools").EnumerateArray()).GetProperty("name").GetString());
        Assert.Equal("# Hello\n\nfrom **here**", called.GetProperty("content")[0].GetProperty("text").GetString());
    }

    private static Task<JsonElement> CallFetchAsync(Uri endpoint, string url) =>
        PeerTools.InspectAsync(endpoint, "--method", "tools/call", "--tool-name", "fetch", "--tool-arg", $"url={url}");
}
