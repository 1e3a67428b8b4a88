using System.Net;
using System.Text;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>The rows of the table of checks, in its order.</summary>
public sealed class RequestChecksTests : IAsyncLifetime
{
    private TestGateway _gateway = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _gateway = await TestGateway.StartAsync(McpTestBackends.Stdio());

    public ValueTask DisposeAsync() => _gateway.DisposeAsync();

    [Theory]
    [InlineData("application/json")]
    [InlineData("text/event-stream")]
    [InlineData("*/*")]
    [InlineData("application/*, text/event-stream")]
    [InlineData("")]
    public async Task Post_AcceptLacksOneOfTheTwo_406(string accept)
    {
        using var request = Post("not even json", "text/plain");
        request.Headers.Remove("accept");
        if (accept.Length > 0)
        {
            request.Headers.TryAddWithoutValidation("accept", accept);
        }

        await AssertTextAsync(request, 406, "client must accept both application/json and text/event-stream");
    }

    [Theory]
    [InlineData("text/event-stream;q=0.5, APPLICATION/JSON ; charset=utf-8")]
    [InlineData("*/*, application/json,text/event-stream")]
    public async Task Post_AcceptNamesBothWithParameters_GoesOn(string accept)
    {
        using var request = Post("{}", "text/plain");
        request.Headers.Remove("accept");
        request.Headers.TryAddWithoutValidation("accept", accept);

        await AssertTextAsync(request, 415, "client must send application/json");
    }

    [Theory]
    [InlineData("", "the body is empty")]
    [InlineData("{", "")]
    [InlineData("[]", "batches of messages are not supported")]
    [InlineData("""[{"jsonrpc":"2.0","id":1,"method":"ping"}]""", "batches of messages are not supported")]
    [InlineData("null", "a JSON-RPC message must be an object")]
    [InlineData("""{"id":1,"method":"ping"}""", "missing field `jsonrpc`")]
    [InlineData("""{"jsonrpc":"1.0","id":1,"method":"ping"}""", "`jsonrpc` must be \"2.0\"")]
    [InlineData("""{"jsonrpc":"2.0","id":null,"method":"ping"}""", "`id` of a request must not be null")]
    [InlineData("""{"jsonrpc":"2.0","id":1.5,"method":"ping"}""", "`id` must be a string or an integer")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping"} x""", "")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"ping","method":"tools/call"}""", "duplicate field `method`")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"\u006dethod":"ping","method":"tools/call"}""", "duplicate field `method`")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"a","name":"b"}}""", "duplicate field in `params`")]
    [InlineData("""{"jsonrpc":"2.0","id":1,"method":"\ud800"}""", "a string has an escaped half of a surrogate pair")]
    [InlineData("""{"jsonrpc":"2.0","id":1}""", "neither a request, a notification nor a response")]
    public async Task Post_BodyIsNoMessage_400(string body, string reason)
    {
        using var response = await SendAsync(Post(body));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.StartsWith("fail to deserialize request body: " + reason, await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        Assert.Equal("text/plain", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Post_BodyIsNoUtf8OrTooDeepOrTooLarge_400()
    {
        using var invalid = Post("");
        invalid.Content = new ByteArrayContent([.. "{\"jsonrpc\":\"2.0\",\"id\":\""u8, 0xff, .. "\",\"method\":\"ping\"}"u8]);
        invalid.Content.Headers.ContentType = new("application/json");
        using var deep = Post("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":""" + new string('[', 100_000) + "}}");
        using var large = Post("""{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":" """.TrimEnd() + new string('x', 2 * 1024 * 1024) + "\"}}");
        using var chunked = Post("");
        chunked.Content = new StreamContent(new MemoryStream(new byte[3 * 1024 * 1024]));
        chunked.Content.Headers.ContentType = new("application/json");
        chunked.Headers.TransferEncodingChunked = true;

        foreach (var request in new[] { invalid, deep, large, chunked })
        {
            using var response = await SendAsync(request);
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            Assert.StartsWith("fail to deserialize request body: ", await response.Content.ReadAsStringAsync(Cancellation), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Post_UnknownVersion_JsonRpcErrorThatListsTheKnown()
    {
        using var request = Post("""{"jsonrpc":"2.0","id":"q","method":"tools/list"}""");
        request.Headers.TryAddWithoutValidation("mcp-protocol-version", "1999-01-01");

        using var response = await SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal(
            """{"jsonrpc":"2.0","id":"q","error":{"code":-32022,"message":"unsupported MCP protocol version: 1999-01-01","data":{"supported":["2024-11-05","2025-03-26","2025-06-18","2025-11-25","2026-07-28"],"requested":"1999-01-01"}}}""",
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    [Fact]
    public async Task Post_UnknownVersionOnInitializeOrNotice_WithoutData()
    {
        using var initialize = Post("""{"jsonrpc":"2.0","id":1,"method":"initialize"}""");
        initialize.Headers.TryAddWithoutValidation("mcp-protocol-version", "x");
        using var notice = Post("""{"jsonrpc":"2.0","method":"notifications/cancelled"}""");
        notice.Headers.TryAddWithoutValidation("mcp-protocol-version", "x");

        using var response = await SendAsync(initialize);

        Assert.Equal(
            """{"jsonrpc":"2.0","id":1,"error":{"code":-32022,"message":"unsupported MCP protocol version: x"}}""",
            await response.Content.ReadAsStringAsync(Cancellation));
        await AssertTextAsync(notice, 400, "unsupported MCP protocol version: x");
    }

    [Fact]
    public async Task Post_SessionHeader_MissingInvalidUnknown()
    {
        const string List = """{"jsonrpc":"2.0","id":1,"method":"tools/list"}""";
        await AssertTextAsync(Post(List), 400, "session header is required for non-initialize requests");
        foreach (var (id, status, text) in new[]
        {
            ("a b", 400, "invalid session ID header"),
            (new string('a', 9000), 400, "invalid session ID header"),
            ("unknown", 404, "session not found"),
            (Guid.NewGuid().ToString(), 404, "session not found"),
            (Convert.ToBase64String("{\"t\":\"mcp\",\"s\":[{\"t\":\"local\",\"s\":\"x\"}]}"u8).TrimEnd('='), 404, "session not found"),
        })
        {
            using var request = Post(List);
            request.Headers.TryAddWithoutValidation("mcp-session-id", id);
            await AssertTextAsync(request, status, text);
        }
    }

    [Fact]
    public async Task Get_Refusals_InOrder()
    {
        using var wrongAccept = new HttpRequestMessage(HttpMethod.Get, "/mcp");
        wrongAccept.Headers.TryAddWithoutValidation("accept", "application/json");
        await AssertTextAsync(wrongAccept, 406, "client must accept text/event-stream");
        var client = new RawMcpClient(_gateway.Client);
        await AssertTextAsync(client.Get(), 400, "session ID is required");
        client.SessionId = "unknown";
        await AssertTextAsync(client.Get(), 404, "session not found");
    }

    [Fact]
    public async Task Delete_UnknownSession_202()
    {
        using var request = new HttpRequestMessage(HttpMethod.Delete, "/mcp");
        request.Headers.TryAddWithoutValidation("mcp-session-id", "unknown");

        await AssertTextAsync(request, 202, "");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("PATCH")]
    [InlineData("OPTIONS")]
    public async Task OtherMethod_405(string method)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), "/mcp");

        await AssertTextAsync(request, 405, "method not allowed; must be GET, POST, or DELETE");
    }

    [Theory]
    [InlineData("127.0.0.1:3000", null, true)]
    [InlineData("localhost", "http://localhost:5173", true)]
    [InlineData("[::1]:3000", "https://[::1]", true)]
    [InlineData("LOCALHOST:1", "http://127.0.0.1", true)]
    [InlineData("evil.example", null, false)]
    [InlineData("127.0.0.1.evil.example", null, false)]
    [InlineData("127.0.0.1", "http://evil.example", false)]
    [InlineData("127.0.0.1", "null", false)]
    [InlineData("127.0.0.1", "http://localhost.evil.example", false)]
    public async Task DnsRebindingProtection_HostAndOrigin_OnlyLocalOnesPass(string host, string? origin, bool passes)
    {
        await using var gateway = await TestGateway.StartAsync(McpTestBackends.Stdio() with { DnsRebindingProtection = true });
        using var request = Post("x", "text/plain");
        request.Headers.Host = host;
        if (origin is not null)
        {
            request.Headers.TryAddWithoutValidation("origin", origin);
        }

        using var response = await gateway.Client.SendAsync(request, Cancellation);

        Assert.Equal(passes ? 415 : 403, (int)response.StatusCode);
        if (!passes)
        {
            Assert.Equal("MCP DNS rebinding protection: Host/Origin must be localhost, 127.0.0.1, or [::1]", await response.Content.ReadAsStringAsync(Cancellation));
        }
    }

    [Fact]
    public async Task Post_NoTargets_503()
    {
        await using var gateway = await TestGateway.StartAsync(new McpBackendSnapshot { Key = "/empty" });

        using var response = await gateway.Client.SendAsync(Post("{}"), Cancellation);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal("no backends configured", await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static HttpRequestMessage Post(string body, string type = "application/json")
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/mcp") { Content = new StringContent(body, Encoding.UTF8, type) };
        request.Headers.TryAddWithoutValidation("accept", RawMcpClient.Accept);
        return request;
    }

    private async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) => await _gateway.Client.SendAsync(request, Cancellation);

    private async Task AssertTextAsync(HttpRequestMessage request, int status, string text)
    {
        using var response = await SendAsync(request);
        Assert.Equal((status, text), ((int)response.StatusCode, await response.Content.ReadAsStringAsync(Cancellation)));
    }
}
