using System.Net;
using System.Text.Json.Nodes;
using AgentGateway.Tests.Configuration.OpenApi;
using AgentGateway.Tests.Proxy.Acceptance;
using Microsoft.AspNetCore.Http;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>A REST service behind the real gateway.</summary>
public sealed class OpenApiTargetTests
{
    private static readonly Dictionary<string, string> Files = new() { ["./library.yaml"] = LibraryDocument.Yaml };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Session_RestService_IsAnMcpServerWithTools()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest);
        var client = new RawMcpClient(gateway.Client);

        var server = await client.InitializeAsync("2025-06-18");

        Assert.Equal("2025-06-18", (string)server["protocolVersion"]!);
        Assert.Equal("Lending library", (string)server["serverInfo"]!["name"]!);
        Assert.Equal("""{"tools":{}}""", server["capabilities"]!.ToJsonString());
        Assert.Equal(7, (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!.AsArray().Count);
        Assert.Equal("{}", (await client.AskAsync(RawMcpClient.Request(2, "ping")))[^1]["result"]!.ToJsonString());
        Assert.Equal("""{"prompts":[]}""", (await client.AskAsync(RawMcpClient.Request(3, "prompts/list")))[^1]["result"]!.ToJsonString());
        Assert.Equal("""{"resources":[]}""", (await client.AskAsync(RawMcpClient.Request(4, "resources/list")))[^1]["result"]!.ToJsonString());
        Assert.Equal("""{"resourceTemplates":[]}""", (await client.AskAsync(RawMcpClient.Request(5, "resources/templates/list")))[^1]["result"]!.ToJsonString());
        Assert.Equal(-32601, (int)(await client.AskAsync(RawMcpClient.Request(6, "completion/complete", """{"ref":{"type":"ref/prompt","name":"x"}}""")))[^1]["error"]!["code"]!);
        Assert.Empty(rest.Arrivals);
        using var events = await client.SendAsync(client.Get());
        Assert.Equal(HttpStatusCode.MethodNotAllowed, events.StatusCode);
        using var end = client.Get();
        end.Method = HttpMethod.Delete;
        using var deleted = await client.SendAsync(end);
        Assert.Equal(HttpStatusCode.Accepted, deleted.StatusCode);
        using var gone = await client.PostAsync(RawMcpClient.Request(7, "ping"));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task Call_Arguments_BecomeTheRequestOfTheOperation()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var request = client.Post(RawMcpClient.Call(1, "getBook", """{"path":{"isbn":"a/b"},"header":{"x-branch":"north"}}"""));
        request.Headers.TryAddWithoutValidation("authorization", "Bearer user");
        request.Headers.TryAddWithoutValidation("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");

        using var response = await client.SendAsync(request);
        var result = (await RawMcpClient.FramesAsync(response))[^1]["result"]!;

        Assert.Equal("""{"target":"/city/v2/books/a%2Fb"}""", result["structuredContent"]!.ToJsonString());
        var arrival = Assert.Single(rest.Arrivals);
        Assert.Equal("GET", arrival.Method);
        Assert.Equal("north", arrival.Headers["x-branch"]);
        Assert.Equal("application/json", arrival.Headers["accept"]);
        Assert.Equal("Bearer user", arrival.Headers["authorization"]);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", arrival.Headers["traceparent"], StringComparison.Ordinal);
        Assert.False(arrival.Headers.ContainsKey("mcp-session-id"));
        Assert.False(arrival.Headers.ContainsKey("mcp-protocol-version"));
        Assert.False(arrival.Headers.ContainsKey("content-type"));

        await client.AskAsync(RawMcpClient.Call(2, "addBook", """{"body":{"title":"x"}}"""));
        Assert.Equal("""{"title":"x"}""", rest.Arrivals[^1].Body);
        Assert.Equal("application/json", rest.Arrivals[^1].Headers["content-type"]);
        await client.AskAsync(RawMcpClient.Call(3, "putScan", """{"path":{"isbn":1,"from":2,"to":3},"body":"QUJD"}"""));
        Assert.Equal("ABC", rest.Arrivals[^1].Body);
        Assert.Equal("application/octet-stream", rest.Arrivals[^1].Headers["content-type"]);
    }

    [Fact]
    public async Task Call_HeaderThatTheClientSends_WinsOverTheArgument()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        using var request = client.Post(RawMcpClient.Call(1, "getBook", """{"path":{"isbn":"1"},"header":{"x-branch":"argument"}}"""));
        request.Headers.TryAddWithoutValidation("X-Branch", "client");

        using var response = await client.SendAsync(request);
        await RawMcpClient.FramesAsync(response);

        Assert.Equal("client", Assert.Single(rest.Arrivals).Headers["x-branch"]);
    }

    [Fact]
    public async Task Call_WhatTheServiceAnswers_IsAResultOrAnError()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var missing = (await Book("404"))["result"]!;
        Assert.True((bool)missing["isError"]!);
        Assert.Equal("""{"code":404,"message":"no such book"}""", missing["structuredContent"]!.ToJsonString());
        var broken = (await Book("503"))["error"]!;
        Assert.Equal(-32603, (int)broken["code"]!);
        Assert.Equal("upstream call of tool removeBook failed with status 503: no such book", (string)broken["message"]!);
        Assert.Equal(-32602, (int)(await client.AskAsync(RawMcpClient.Call(1, "removeBook")))[^1]["error"]!["code"]!);
        var unknown = (await client.AskAsync(RawMcpClient.Call(1, "noSuchTool")))[^1]["error"]!;
        Assert.Equal((-32602, "Unknown tool: noSuchTool"), ((int)unknown["code"]!, (string)unknown["message"]!));
        Assert.Equal(2, rest.Arrivals.Count);
        Assert.Equal("upstream sent a body of more than 8388608 bytes", (await Fail("huge"))["message"]!.GetValue<string>()["failed to send message: ".Length..]);

        async Task<JsonNode> Book(string isbn) => (await client.AskAsync(RawMcpClient.Call(1, "removeBook", $$$"""{"path":{"isbn":"{{{isbn}}}"}}""")))[^1];

        async Task<JsonNode> Fail(string isbn)
        {
            using var response = await client.PostAsync(RawMcpClient.Call(1, "removeBook", $$$"""{"path":{"isbn":"{{{isbn}}}"}}"""));
            Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
            return JsonNode.Parse(await response.Content.ReadAsStringAsync(Cancellation))!["error"]!;
        }
    }

    [Fact]
    public async Task Call_Cancelled_EndsTheRequestToTheService()
    {
        var arrived = new TaskCompletionSource();
        var aborted = new TaskCompletionSource();
        await using var rest = await RecordingUpstream.StartAsync(async (context, _) =>
        {
            arrived.SetResult();
            context.RequestAborted.Register(aborted.SetResult);
            await aborted.Task;
        });
        await using var gateway = await GatewayAsync(rest);
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();
        var call = client.AskAsync(RawMcpClient.Call(5, "removeBook", """{"path":{"isbn":"1"}}"""));
        await arrived.Task.WaitAsync(Cancellation);

        using var cancelled = await client.PostAsync("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":5}}""");

        Assert.Equal("the request was cancelled", (string)(await call)[^1]["error"]!["message"]!);
        await aborted.Task.WaitAsync(Cancellation);
    }

    [Fact]
    public async Task Policies_OfTheTarget_ActOnCallsToTheService()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest, policies: "{backendAuth: {key: sk-library}, requestHeaderModifier: {set: {x-tenant: blue}, remove: [x-branch]}}");
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        var answer = await client.AskAsync(RawMcpClient.Call(1, "getBook", """{"path":{"isbn":"a%2f"},"header":{"x-branch":"north"}}"""));

        Assert.Equal("/city/v2/books/a%252f", (string)answer[^1]["result"]!["structuredContent"]!["target"]!);
        var arrival = Assert.Single(rest.Arrivals);
        Assert.Equal("Bearer sk-library", arrival.Headers["authorization"]);
        Assert.Equal("blue", arrival.Headers["x-tenant"]);
        Assert.False(arrival.Headers.ContainsKey("x-branch"));
    }

    [Fact]
    public async Task Authorization_Rules_HideToolsAndRefuseThem()
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest, more: "policies: {mcpAuthorization: {rules: ['mcp.tool.name == \"getBook\"']}}");
        var client = new RawMcpClient(gateway.Client);
        await client.InitializeAsync();

        Assert.Equal("getBook", (string)Assert.Single((await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!.AsArray())!["name"]!);
        using var denied = await client.PostAsync(RawMcpClient.Call(2, "removeBook", """{"path":{"isbn":"1"}}"""));
        Assert.Contains("Unknown tool: removeBook", await denied.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Empty(rest.Arrivals);
    }

    [Theory]
    [InlineData("stateful", "2025-11-25")]
    [InlineData("stateless", "2025-11-25")]
    [InlineData("stateful", null)]
    public async Task SdkClient_EveryMode_ListsAndCalls(string mode, string? version)
    {
        await using var rest = await StartAsync();
        await using var gateway = await GatewayAsync(rest, more: $"statefulMode: {mode}");
        await using var client = await McpClient.CreateAsync(
            new HttpClientTransport(new HttpClientTransportOptions { Endpoint = new Uri(gateway.Address, "/mcp"), TransportMode = HttpTransportMode.StreamableHttp }),
            new McpClientOptions { ProtocolVersion = version },
            cancellationToken: Cancellation);

        Assert.Equal(7, (await client.ListToolsAsync(cancellationToken: Cancellation)).Count);
        var result = await client.CallToolAsync("removeBook", new Dictionary<string, object?> { ["path"] = new { isbn = "9" } }, cancellationToken: Cancellation);

        Assert.Equal("""{"target":"/city/v2/books/9"}""", Assert.IsType<TextContentBlock>(Assert.Single(result.Content)).Text);
        var error = await Assert.ThrowsAnyAsync<Exception>(async () => await client.CallToolAsync("removeBook", new Dictionary<string, object?>(), cancellationToken: Cancellation));
        Assert.Contains("missing required parameter `isbn`", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Document_AtAUrl_IsFetchedBeforeServing()
    {
        await using var rest = await RecordingUpstream.StartAsync((context, arrival) => context.Response.WriteAsync(arrival.Target == "/openapi.yaml" ? LibraryDocument.Yaml : "{}"));
        await using var gateway = await GatewayAsync(rest, schema: $"{{url: '{new Uri(rest.Endpoint, "/openapi.yaml")}'}}");
        Assert.Contains("yaml", Assert.Single(rest.Arrivals).Headers["accept"], StringComparison.Ordinal);
        var client = new RawMcpClient(gateway.Client);

        await client.InitializeAsync();

        Assert.Equal(7, (await client.AskAsync(RawMcpClient.Request(1, "tools/list")))[^1]["result"]!["tools"]!.AsArray().Count);
        Assert.Single(rest.Arrivals);
        Assert.True(gateway.Logs.Contains("the schema `Person` contains itself"));
    }

    [Fact]
    public async Task Document_AtAUrlAndBad_StopsTheStart()
    {
        await using var rest = await RecordingUpstream.StartAsync((context, _) => context.Response.WriteAsync("openapi: 3.0.0\npaths: {/a: {get: {}}}"));

        var error = await Assert.ThrowsAnyAsync<IOException>(async () => await GatewayAsync(rest, schema: $"{{url: '{rest.Endpoint}'}}"));

        Assert.Contains("operationId of GET /a", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Document_Bad_IsALoadError()
    {
        var errors = ConfiguredGateway.Errors(
            "mcp: {targets: [{name: a, openapi: {schema: {file: ./bad.yaml}, host: 'localhost:1'}}]}",
            new Dictionary<string, string> { ["./bad.yaml"] = "openapi: 3.0.0\nservers: [{url: /a}, {url: /b}]\npaths:\n  /a:\n    get: {}\n" });

        Assert.Equal(2, errors.Count);
        Assert.StartsWith("mcp.targets[0].openapi.schema: OpenAPI document ./bad.yaml: servers: the document names 2 servers", errors[0], StringComparison.Ordinal);
        Assert.Contains("paths./a.get: information required: operationId of GET /a; add one, it is the name of the tool (line 5, column 10)", errors[1], StringComparison.Ordinal);
    }

    private static Task<RecordingUpstream> StartAsync() => RecordingUpstream.StartAsync(async (context, arrival) =>
    {
        var raw = context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget;
        switch (raw)
        {
            case "/city/v2/books/404" or "/city/v2/books/503":
                context.Response.StatusCode = int.Parse(raw[^3..], System.Globalization.CultureInfo.InvariantCulture);
                await context.Response.WriteAsync("no such book");
                return;
            case "/city/v2/books/huge":
                await context.Response.Body.WriteAsync(new byte[9 * 1024 * 1024]);
                return;
            default:
                await context.Response.WriteAsync($$"""{"target":"{{raw}}"}""");
                return;
        }
    });

    private static Task<TestGateway> GatewayAsync(RecordingUpstream rest, string more = "", string policies = "{}", string schema = "{file: ./library.yaml}") => ConfiguredGateway.StartAsync(
        $$"""
        mcp:
          port: {{ConfiguredGateway.FreePorts(1)[0]}}
          targets:
          - name: library
            policies: {{policies}}
            openapi:
              schema: {{schema}}
              host: "{{rest.Endpoint.Authority}}"
          {{more}}
        """,
        Files);
}
