using System.Net;
using System.Text;
using AgentGateway.McpFetch.Fetching;
using AgentGateway.McpFetch.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;
using ModelContextProtocol.Client;
using ModelContextProtocol.Protocol;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Hosting;

public sealed class HttpServerTests : IAsyncLifetime
{
    private const string Initialize =
        """{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-06-18","capabilities":{},"clientInfo":{"name":"t","version":"1"}}}""";

    private ContentServer _content = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _content = await ContentServer.StartAsync(Token);

    public ValueTask DisposeAsync() => _content.DisposeAsync();

    private static HttpRequestMessage Post(Uri endpoint, string json)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, endpoint) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        request.Headers.Accept.ParseAdd("application/json, text/event-stream");
        return request;
    }

    private static string TextOf(CallToolResult result, int block = 0) => Assert.IsType<TextContentBlock>(result.Content[block]).Text;

    private ValueTask<CallToolResult> FetchAsync(McpClient client, string path, int maxLength = 5000, int startIndex = 0, bool raw = false) =>
        client.CallToolAsync(
            "fetch",
            new Dictionary<string, object?>
            {
                ["url"] = _content.Url(path).ToString(),
                ["max_length"] = maxLength,
                ["start_index"] = startIndex,
                ["raw"] = raw,
            },
            cancellationToken: Token);

    [Fact]
    public async Task Fetch_HtmlPage_ReturnsMarkdown()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content.Page("/page", "text/html; charset=utf-8", "<title>T</title><h1>Hello</h1><p>A <a href='/x'>link</a>.</p>");

        var result = await FetchAsync(client, "/page");

        Assert.NotEqual(true, result.IsError);
        Assert.Equal($"# Hello\n\nA [link]({_content.Url("/x")}).", TextOf(result));
        Assert.Single(result.Content);
    }

    [Fact]
    public async Task Fetch_Raw_ReturnsSource()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content.Page("/page", "text/html", "<h1>Hello</h1>");

        Assert.Equal("<h1>Hello</h1>", TextOf(await FetchAsync(client, "/page", raw: true)));
    }

    [Fact]
    public async Task Fetch_Json_ReturnedAsIs()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content.Page("/data", "application/json", "{\"a\": [1,\n2]}");

        Assert.Equal("{\"a\": [1,\n2]}", TextOf(await FetchAsync(client, "/data")));
    }

    [Fact]
    public async Task Fetch_LongPage_PartsJoinIntoTheWhole()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content.Page("/long", "text/plain", "0123456789");

        var first = await FetchAsync(client, "/long", maxLength: 4);
        var second = await FetchAsync(client, "/long", maxLength: 4, startIndex: 4);
        var third = await FetchAsync(client, "/long", maxLength: 4, startIndex: 8);

        Assert.Equal("0123456789", TextOf(first) + TextOf(second) + TextOf(third));
        Assert.Contains("start_index 4", TextOf(first, 1), StringComparison.Ordinal);
        Assert.Contains("start_index 8", TextOf(second, 1), StringComparison.Ordinal);
        Assert.Single(third.Content);
    }

    [Theory]
    [InlineData("/missing", 0, "the server answered 404 (NotFound)")]
    [InlineData("/png", 0, "its content type image/png is not text")]
    [InlineData("/nul", 0, "it is binary although it is declared as text")]
    [InlineData("/klingon", 0, "its charset 'x-klingon' is not known")]
    [InlineData("/short", 5, "start_index 5 is beyond the end of")]
    public async Task Fetch_Failure_IsAToolErrorThatNamesUrlAndReason(string path, int startIndex, string reason)
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content
            .Page("/png", "image/png", [0x89, 0x50])
            .Page("/nul", "text/plain", [0x41, 0x00])
            .Page("/klingon", "text/plain; charset=x-klingon", [0xE9])
            .Page("/short", "text/plain", "12345");

        var result = await FetchAsync(client, path, startIndex: startIndex);

        Assert.True(result.IsError);
        Assert.Contains(reason, TextOf(result), StringComparison.Ordinal);
        Assert.Contains(_content.Url(path).ToString(), TextOf(result), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("text/html", "The page has no readable text")]
    [InlineData("text/plain", "The page has no readable text")]
    public async Task Fetch_NothingToRead_SaysSo(string contentType, string note)
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        _content.Page("/empty", contentType, " ");

        var result = await FetchAsync(client, "/empty");

        Assert.NotEqual(true, result.IsError);
        Assert.StartsWith(note, TextOf(result, 1), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fetch_PrivateAddressNotAllowed_IsAToolError()
    {
        await using var server = await McpFetchServer.StartAsync(Token, allowPrivateAddresses: false);
        await using var client = await server.ConnectAsync(Token);

        var result = await FetchAsync(client, "/page");

        Assert.True(result.IsError);
        Assert.Contains("--allow-private-addresses", TextOf(result), StringComparison.Ordinal);
        Assert.Empty(_content.Requests);
    }

    [Fact]
    public async Task ListTools_Fetch_HasSchemaAndHints()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);

        var tool = Assert.Single(await client.ListToolsAsync(cancellationToken: Token)).ProtocolTool;

        Assert.Equal("fetch", tool.Name);
        Assert.True(tool.Annotations!.ReadOnlyHint);
        var properties = tool.InputSchema.GetProperty("properties");
        Assert.Equal(5000, properties.GetProperty("max_length").GetProperty("default").GetInt32());
        Assert.Equal(["url", "max_length", "start_index", "raw"], properties.EnumerateObject().Select(static p => p.Name));
    }

    [Fact]
    public async Task Initialize_LegacyClient_GetsASessionThatWorksAndEnds()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        using var http = new HttpClient();

        using var initialized = await http.SendAsync(Post(server.McpEndpoint, Initialize), Token);
        var session = Assert.Single(initialized.Headers.GetValues("Mcp-Session-Id"));

        using var listed = await http.SendAsync(InSession(Post(server.McpEndpoint, """{"jsonrpc":"2.0","id":2,"method":"tools/list"}"""), session), Token);
        Assert.Contains("\"fetch\"", await listed.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);

        using var deleted = await http.SendAsync(InSession(new HttpRequestMessage(HttpMethod.Delete, server.McpEndpoint), session), Token);
        Assert.True(deleted.IsSuccessStatusCode);
        using var gone = await http.SendAsync(InSession(Post(server.McpEndpoint, """{"jsonrpc":"2.0","id":3,"method":"tools/list"}"""), session), Token);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    private static HttpRequestMessage InSession(HttpRequestMessage request, string session)
    {
        request.Headers.Add("Mcp-Session-Id", session);
        request.Headers.Add("MCP-Protocol-Version", "2025-06-18");
        return request;
    }

    [Theory]
    [InlineData("2025-06-18")]
    [InlineData("2025-11-25")]
    [InlineData("2026-07-28")]
    public async Task Connect_EveryRevision_ServesTheTool(string revision)
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token, new McpClientOptions { ProtocolVersion = revision });
        _content.Page("/page", "text/plain", "hello");

        Assert.Equal(revision, client.NegotiatedProtocolVersion);
        Assert.Equal("hello", TextOf(await FetchAsync(client, "/page")));
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Health_Endpoints_AnswerHealthy(string path)
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        using var http = new HttpClient();

        Assert.Equal("Healthy", await http.GetStringAsync(new Uri(server.Address, path), Token));
    }

    [Theory]
    [InlineData("http://evil.example", false)]
    [InlineData("http://localhost.evil.example", false)]
    [InlineData("null", false)]
    [InlineData("http://localhost:6274", true)]
    [InlineData("http://127.0.0.1", true)]
    [InlineData("http://[::1]:80", true)]
    public async Task Origin_OfAForeignPage_Refused(string origin, bool allowed)
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        using var http = new HttpClient();
        using var request = Post(server.McpEndpoint, Initialize);
        request.Headers.TryAddWithoutValidation("Origin", origin);

        using var response = await http.SendAsync(request, Token);

        Assert.Equal(allowed ? HttpStatusCode.OK : HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Post_OversizedBody_Refused()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        using var http = new HttpClient();
        using var request = Post(server.McpEndpoint, new string(' ', 2_000_000));
        request.Headers.ExpectContinue = true;

        using var response = await http.SendAsync(request, Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Theory]
    [InlineData("MCPFETCH_ALLOW_PRIVATE_ADDRESSES", "true", null, true)]
    [InlineData("MCPFETCH_ALLOW_PRIVATE_ADDRESSES", "1", null, true)]
    [InlineData("McpFetch:AllowPrivateAddresses", "true", null, true)]
    [InlineData("MCPFETCH_ALLOW_PRIVATE_ADDRESSES", "true", false, false)]
    [InlineData("MCPFETCH_ALLOW_PRIVATE_ADDRESSES", "false", true, true)]
    [InlineData("Unrelated", "true", null, false)]
    public void AllowPrivateAddresses_Sources_CommandLineWins(string key, string value, bool? option, bool expected)
    {
        using var host = McpFetchHost.BuildStdio(
            new CommandLine { AllowPrivateAddresses = option },
            builder => builder.Configuration.AddInMemoryCollection([new(key, value)]));

        Assert.Equal(expected, host.Services.GetRequiredService<IOptions<FetchOptions>>().Value.AllowPrivateAddresses);
    }

    [Theory]
    [InlineData("MCPFETCH_ALLOW_PRIVATE_ADDRESSES", "maybe")]
    [InlineData("McpFetch:MaxRedirects", "-1")]
    public async Task Start_WrongConfiguration_Refused(string key, string value) =>
        await Assert.ThrowsAsync<OptionsValidationException>(() => McpFetchServer.StartAsync(
            Token,
            builder => builder.Configuration.AddInMemoryCollection([new(key, value)])));

    [Fact]
    public async Task Call_BadArguments_IsAToolErrorNotAProtocolError()
    {
        await using var server = await McpFetchServer.StartAsync(Token);
        await using var client = await server.ConnectAsync(Token);
        var result = await client.CallToolAsync("fetch", new Dictionary<string, object?> { ["url"] = "ftp://x/", ["max_length"] = "many" }, cancellationToken: Token);

        Assert.True(result.IsError);
        Assert.Contains("'max_length' must be an integer", TextOf(result), StringComparison.Ordinal);
    }
}
