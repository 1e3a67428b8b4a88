using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Configuration.Snapshot;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

/// <summary>Clients of revision 2026-07-28 before several targets of that revision and of older ones.</summary>
public sealed class ModernTests
{
    private const string Meta = """
        "_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"t","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}}
        """;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(McpPrefixMode.Conditional, "old_old-only,old_shared,new_own,new_two,p_echo,p_slow")]
    [InlineData(McpPrefixMode.Never, "old-only,shared,own,two,echo,slow")]
    public async Task List_OldAndNewTargets_Merged(McpPrefixMode prefixMode, string names)
    {
        await using var old = await OldAsync();
        await using var recent = await RecentAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(old, recent) with { PrefixMode = prefixMode });

        // The second request knows already which target is old.
        for (var i = 0; i < 2; i++)
        {
            using var response = await SendAsync(gateway, RawMcpClient.Request(1, "tools/list", $$"""{{{Meta}}}"""), "tools/list");
            var result = Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!;

            Assert.Equal(names, string.Join(',', result["tools"]!.AsArray().Select(static tool => (string?)tool!["name"])));
            Assert.Equal(("complete", 0, "private"), ((string?)result["resultType"], (int?)result["ttlMs"], (string?)result["cacheScope"]));
            Assert.Null(result["nextCursor"]);
        }

        Assert.All(recent.Posts("tools/list"), static arrival => Assert.Equal("2026-07-28", arrival.Headers["mcp-protocol-version"]));
        Assert.Empty(recent.Posts("initialize"));
    }

    [Theory]
    [InlineData(McpPrefixMode.Conditional, "new_own", "new own")]
    [InlineData(McpPrefixMode.Conditional, "old_shared", "old shared")]
    [InlineData(McpPrefixMode.Never, "own", "new own")]
    [InlineData(McpPrefixMode.Never, "shared", "old shared")]
    public async Task Call_OldAndNewTargets_ReachesTheOwner(McpPrefixMode prefixMode, string tool, string text)
    {
        await using var old = await OldAsync();
        await using var recent = await RecentAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(old, recent) with { PrefixMode = prefixMode });

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, "tools/call", $$"""{"name":"{{tool}}",{{Meta}}}"""), "tools/call", tool);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Contains($"\"text\":\"{text}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Discover_OldAndNewTargets_WhatAllSpeak()
    {
        await using var old = await OldAsync();
        await using var recent = await RecentAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(old, recent));

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, "server/discover", $$"""{{{Meta}}}"""), "server/discover");

        var result = JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["result"]!;
        Assert.Equal("""["2025-11-25","2026-07-28"]""", result["supportedVersions"]!.ToJsonString());
        Assert.Equal("""{"listChanged":true}""", result["capabilities"]!["tools"]!.ToJsonString());
        Assert.Equal("agentgateway", (string?)result["_meta"]!["io.modelcontextprotocol/serverInfo"]!["name"]);
        Assert.Contains("\n\n[old]\nAsk old.\n\n[new]\nNew here.", (string?)result["instructions"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("tasks/get", "new+t1", "t1")]
    [InlineData("tasks/cancel", "new+t+2", "t+2")]
    public async Task Task_OfOneTarget_IsRoutedByItsId(string method, string id, string own)
    {
        await using var old = await OldAsync();
        await using var recent = await RecentAsync();
        await using var gateway = await TestGateway.StartAsync(Backend(old, recent));

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, method, $$"""{"taskId":"{{id}}",{{Meta}}}"""), method);

        Assert.Contains($"\"taskId\":\"{id}\"", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal(own, (string?)Assert.Single(recent.Posts(method)).Message!["params"]!["taskId"]);
        Assert.Empty(old.Posts(method));
    }

    [Fact]
    public async Task Prompts_OneTargetHasNone_TheOthers()
    {
        await using var old = await OldAsync();
        await using var recent = await RecentAsync();
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("old", old.Endpoint), ("new", recent.Endpoint)));

        using var response = await SendAsync(gateway, RawMcpClient.Request(1, "prompts/list", $$"""{{{Meta}}}"""), "prompts/list");

        var prompts = Assert.Single(await RawMcpClient.FramesAsync(response))["result"]!["prompts"]!.AsArray();
        Assert.Equal(["old_old-prompt", "old_hello"], prompts.Select(static prompt => (string?)prompt!["name"]));
    }

    [Fact]
    public async Task Listen_SeveralTargets_OneAcknowledgementThenTheNoticesOfAll()
    {
        await using var a = await ListeningAsync("""{"toolsListChanged":true,"resourceSubscriptions":["memo://1"]}""", "a-memo");
        await using var b = await ListeningAsync("""{"toolsListChanged":true}""", "b-memo");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", b.Endpoint)));
        var body = RawMcpClient.Request(1, "subscriptions/listen", $$$"""{ {{{Meta}}},"notifications":{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["a+memo://1"]}}""");

        using var response = await SendAsync(gateway, body, "subscriptions/listen");
        var frames = await RawMcpClient.FramesAsync(response);

        Assert.Equal("notifications/subscriptions/acknowledged", (string?)frames[0]["method"]);
        Assert.Equal("""{"toolsListChanged":true,"resourceSubscriptions":["a\u002Bmemo://1"]}""", frames[0]["params"]!["notifications"]!.ToJsonString());
        Assert.Equal(1, (int?)frames[0]["params"]!["_meta"]!["io.modelcontextprotocol/subscriptionId"]);
        Assert.Equal(["a+a-memo:x", "b+b-memo:x"], frames[1..3].Select(static frame => (string?)frame["params"]!["uri"]).Order());
        Assert.Equal("""{"jsonrpc":"2.0","id":1,"result":{"resultType":"complete"}}""", frames[3].ToJsonString());
        Assert.Equal("""["memo://1"]""", a.Posts("subscriptions/listen")[0].Message!["params"]!["notifications"]!["resourceSubscriptions"]!.ToJsonString());
        Assert.Equal("[]", b.Posts("subscriptions/listen")[0].Message!["params"]!["notifications"]!["resourceSubscriptions"]!.ToJsonString());
    }

    [Theory]
    [InlineData(false, HttpStatusCode.NotFound)]
    [InlineData(true, HttpStatusCode.OK)]
    public async Task Listen_OneTargetHasNoSuchStream_IsRefusedOrLeftOut(bool isOpen, HttpStatusCode status)
    {
        await using var a = await ListeningAsync("""{"toolsListChanged":true}""", "memo");
        await using var old = await OldAsync();
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("old", old.Endpoint)) with { FailOpen = isOpen });

        using var response = await SendAsync(
            gateway, RawMcpClient.Request(1, "subscriptions/listen", $$$"""{ {{{Meta}}},"notifications":{"toolsListChanged":true}}"""), "subscriptions/listen");

        Assert.Equal(status, response.StatusCode);
    }

    [Theory]
    [InlineData("memo:1", "invalid resource URI")]
    [InlineData("c+memo:1", "unknown service c")]
    public async Task Listen_ResourceOfNoTarget_IsRefused(string uri, string message)
    {
        await using var a = await ListeningAsync("{}", "memo");
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Several(("a", a.Endpoint), ("b", a.Endpoint)));

        using var response = await SendAsync(
            gateway, RawMcpClient.Request(1, "subscriptions/listen", $$$"""{ {{{Meta}}},"notifications":{"resourceSubscriptions":["{{{uri}}}"]}}"""), "subscriptions/listen");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains(message, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(a.Arrivals);
    }

    // Acknowledges, tells of one change, and ends.
    private static Task<RecordingUpstream> ListeningAsync(string granted, string scheme) => RecordingUpstream.StartAsync((context, _) => RecordingUpstream.StreamAsync(
        context,
        "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/subscriptions/acknowledged\",\"params\":{\"notifications\":" + granted + "}}\n\n"
        + "data: {\"jsonrpc\":\"2.0\",\"method\":\"notifications/resources/updated\",\"params\":{\"uri\":\"" + scheme + ":x\"}}\n\n"
        + """data: {"jsonrpc":"2.0","id":1,"result":{"resultType":"complete"}}""" + "\n\n"));

    private static McpBackendSnapshot Backend(RecordingUpstream old, RecordingUpstream recent)
    {
        var backend = McpTestBackends.Several(("old", old.Endpoint), ("new", recent.Endpoint));
        return backend with { Targets = [.. backend.Targets, McpTestBackends.StdioTarget("p")] };
    }

    private static Task<RecordingUpstream> OldAsync() => StubServer.StartAsync("old", static (context, arrival) =>
    {
        var isRefused = arrival.Method == "POST" && (string?)arrival.Message?["method"] != "initialize" && !arrival.Headers.ContainsKey("mcp-session-id");
        context.Response.StatusCode = isRefused ? 400 : 200;
        return Task.FromResult(isRefused);
    });

    private static Task<RecordingUpstream> RecentAsync() => RecordingUpstream.StartAsync(static (context, arrival) =>
    {
        var parameters = arrival.Message?["params"];
        var result = (string?)arrival.Message?["method"] switch
        {
            "tools/list" => (string?)parameters?["cursor"] == "x" ? """{"resultType":"complete","tools":[{"name":"two"}]}""" : """{"resultType":"complete","tools":[{"name":"own"}],"nextCursor":"x"}""",
            "tools/call" => $$"""{"resultType":"complete","content":[{"type":"text","text":"new {{(string?)parameters!["name"]}}"}]}""",
            "tasks/get" or "tasks/cancel" => $$"""{"resultType":"complete","taskId":"{{(string?)parameters!["taskId"]}}","status":"working"}""",
            "server/discover" => """{"resultType":"complete","supportedVersions":["2025-11-25","2026-07-28"],"capabilities":{"tools":{"listChanged":true}},"instructions":"New here."}""",
            _ => null,
        };
        if (result is not null)
        {
            return RecordingUpstream.AnswerAsync(context, arrival, result);
        }

        context.Response.StatusCode = 404;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync($$$"""{"jsonrpc":"2.0","id":{{{arrival.Message!["id"]!.ToJsonString()}}},"error":{"code":-32601,"message":"Method not found"}}""");
    });

    private static async Task<HttpResponseMessage> SendAsync(TestGateway gateway, string body, string method, string? name = null)
    {
        var client = new RawMcpClient(gateway.Client) { ProtocolVersion = "2026-07-28" };
        var request = client.Post(body);
        request.Headers.Add("mcp-method", method);
        if (name is not null)
        {
            request.Headers.Add("mcp-name", name);
        }

        return await client.SendAsync(request);
    }
}
