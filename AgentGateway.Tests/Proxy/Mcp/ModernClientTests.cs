using System.Net;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class ModernClientTests
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Call_ModernUpstream_RequestAndAnswerPassThrough()
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, arrival) =>
            RecordingUpstream.AnswerAsync(context, arrival, """{"resultType":"complete","content":[]}"""));
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));
        var body = RawMcpClient.Request(1, "tools/call", $$"""{"name":"x",{{Meta}}}""");

        using var response = await SendAsync(gateway, body, "tools/call", "x");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal("application/json", response.Content.Headers.ContentType?.ToString());
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete","content":[]}}""", await response.Content.ReadAsStringAsync(Cancellation));
        var arrival = Assert.Single(upstream.Arrivals);
        Assert.Equal(body, arrival.Body);
        Assert.Equal(("2026-07-28", "tools/call", "x"), (arrival.Headers["mcp-protocol-version"], arrival.Headers["mcp-method"], arrival.Headers["mcp-name"]));
        Assert.False(response.Headers.Contains("mcp-session-id"));
    }

    [Fact]
    public async Task Call_ModernUpstreamStreams_ServerRequestsAreRefusedAndNotForwarded()
    {
        await using var upstream = await RecordingUpstream.StartAsync((context, arrival) =>
        {
            if (arrival.Message!["method"] is null)
            {
                context.Response.StatusCode = 202;
                return Task.CompletedTask;
            }

            return RecordingUpstream.StreamAsync(
                context,
                "data: {\"jsonrpc\":\"2.0\",\"id\":\"s\",\"method\":\"elicitation/create\"}\n\ndata: {\"jsonrpc\":\"2.0\",\"id\":1,\"result\":{}}\n\n");
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, "tools/call", $$"""{"name":"x",{{Meta}}}"""), "tools/call", "x");

        Assert.Equal("complete", (string?)Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!["resultType"]);
        Assert.StartsWith("gateway cannot route direct server-to-client requests", (string?)upstream.Arrivals[1].Message!["error"]!["message"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task List_LegacyHttpUpstream_IsBridgedByAHandshake()
    {
        await using var upstream = await RecordingUpstream.StartLegacyAsync(async (context, arrival) =>
        {
            if (!arrival.Headers.ContainsKey("mcp-session-id"))
            {
                context.Response.StatusCode = 400;
                await context.Response.WriteAsync("Bad Request: Server not initialized");
            }
            else if (arrival.Method == "POST")
            {
                await RecordingUpstream.AnswerAsync(context, arrival, """{"tools":[]}""");
            }
        });
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Http(upstream.Endpoint));

        for (var i = 0; i < 2; i++)
        {
            using var response = await SendAsync(gateway, RawMcpClient.Request(1, "tools/list", $$"""{{{Meta}}}"""), "tools/list");
            var frame = Assert.Single(await RawMcpClient.FramesAsync(response));
            Assert.Equal("""{"resultType":"complete","ttlMs":0,"cacheScope":"private","tools":[]}""", frame["result"]!.ToJsonString());
        }

        // The second request knows that the upstream is of the older kind.
        Assert.Equal(3, upstream.Posts("tools/list").Count);
        Assert.Equal("2025-11-25", upstream.Posts("tools/list")[1].Headers["mcp-protocol-version"]);
    }

    [Fact]
    public async Task Discover_StdioServer_IsAnsweredFromItsInitialize()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());

        using var response = await SendAsync(gateway, RawMcpClient.Request("d", "server/discover", $$"""{{{Meta}}}"""), "server/discover");

        var answer = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!;
        Assert.Equal("d", (string?)answer["id"]);
        Assert.Equal("stdio-test", (string?)answer["result"]!["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]);
        Assert.Contains("2026-07-28", answer["result"]!["supportedVersions"]!.AsArray().Select(version => (string?)version));
        Assert.Equal("for tests", (string?)answer["result"]!["instructions"]);
    }

    [Fact]
    public async Task Call_StdioServer_IsBridged()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, "tools/call", $$"""{"name":"echo","arguments":{"message":"m"},{{Meta}}}"""), "tools/call", "echo");

        var result = Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!;
        Assert.Equal("m", (string?)result["content"]![0]!["text"]);
        Assert.Equal("complete", (string?)result["resultType"]);
    }

    [Theory]
    [InlineData("ping", 404, -32601, "method not found: ping")]
    [InlineData("initialize", 404, -32601, "method not found: initialize")]
    [InlineData("logging/setLevel", 404, -32601, "method not found: logging/setLevel")]
    [InlineData("no/such", 404, -32601, "method not found: no/such")]
    [InlineData("completion/complete", 404, -32601, "Method not found")]
    public async Task Post_MethodThatIsNone_404(string method, int status, int code, string message)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, method, $$"""{{{Meta}}}"""), method);

        await AssertErrorAsync(response, status, code, message);
    }

    [Fact]
    public async Task Post_HeadersThatDisagree_AreRefused()
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        var call = RawMcpClient.Request(1, "tools/call", $$"""{"name":"echo",{{Meta}}}""");

        await AssertErrorAsync(await SendAsync(gateway, call, "tools/list", "echo"), 400, -32020, "Mcp-Method header/body mismatch");
        await AssertErrorAsync(await SendAsync(gateway, call, "tools/call", "other"), 400, -32020, "invalid MCP routing header: Mcp-Name header/body mismatch");
        await AssertErrorAsync(await SendAsync(gateway, call, "tools/call", "=?base64?%%?="), 400, -32020, "invalid MCP routing header: Mcp-Name is not valid base64");
        await AssertErrorAsync(await SendAsync(gateway, call, "tools/call"), 400, -32020, "invalid MCP routing header: Mcp-Name must be given once");
        await AssertErrorAsync(await SendAsync(gateway, call, "tools/call", "echo", version: "2025-11-25"), 400, -32020, "MCP protocol version header/body mismatch");
        await AssertErrorAsync(await SendAsync(gateway, call, "tools/call", "echo", version: null), 400, -32020, "MCP protocol version header/body mismatch");
        var bare = RawMcpClient.Request(1, "tools/list", """{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{}}}""");
        await AssertErrorAsync(await SendAsync(gateway, bare, "tools/list"), 400, -32602, "missing _meta field io.modelcontextprotocol/clientCapabilities");
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("DELETE")]
    public async Task GetOrDelete_ModernVersion_400(string method)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");
        request.Headers.TryAddWithoutValidation("mcp-protocol-version", "2026-07-28");

        using var response = await gateway.Client.SendAsync(request, Cancellation);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string body, string method, string? name = null, string? version = "2026-07-28")
    {
        var client = new RawMcpClient(gateway.Client) { ProtocolVersion = version };
        using var request = client.Post(body);
        request.Headers.TryAddWithoutValidation("mcp-method", method);
        if (name is not null)
        {
            request.Headers.TryAddWithoutValidation("mcp-name", name);
        }

        return await client.SendAsync(request);
    }

    private static async Task AssertErrorAsync(HttpResponseMessage response, int status, int code, string message)
    {
        using (response)
        {
            var error = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!;
            Assert.Equal((status, code, message), ((int)response.StatusCode, (int)error["code"]!, (string?)error["message"]));
        }
    }
}
