using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

/// <summary>Speaks Streamable HTTP by hand, so that tests see status codes, headers and frames as they are.</summary>
internal sealed class RawMcpClient(HttpClient http, string path = "/mcp")
{
    public const string Accept = "application/json, text/event-stream";

    public string? SessionId { get; set; }

    public string? ProtocolVersion { get; set; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static string Request(object id, string method, string? parameters = null)
    {
        var identifier = id is string text ? $"\"{text}\"" : $"{id}";
        return $"{{\"jsonrpc\":\"2.0\",\"id\":{identifier},\"method\":\"{method}\"{(parameters is null ? "" : $",\"params\":{parameters}")}}}";
    }

    public static string Call(object id, string tool, string arguments = "{}") => Request(id, "tools/call", $$"""{"name":"{{tool}}","arguments":{{arguments}}}""");

    public HttpRequestMessage Post(string body)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.TryAddWithoutValidation("accept", Accept);
        AddHeaders(request);
        return request;
    }

    public HttpRequestMessage Get()
    {
        var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Accept.Add(new MediaTypeWithQualityHeaderValue("text/event-stream"));
        AddHeaders(request);
        return request;
    }

    public async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request) =>
        await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);

    public async Task<HttpResponseMessage> PostAsync(string body) => await SendAsync(Post(body));

    /// <summary>Initializes a session and keeps its identifier.</summary>
    public async Task<JsonNode> InitializeAsync(string version = "2025-11-25")
    {
        using var response = await PostAsync(Request(0, "initialize", $$$"""{"protocolVersion":"{{{version}}}","capabilities":{"elicitation":{}},"clientInfo":{"name":"test","version":"1"}}"""));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        SessionId = response.Headers.TryGetValues("mcp-session-id", out var ids) ? ids.Single() : null;
        ProtocolVersion = version;
        var answer = Assert.Single(await FramesAsync(response));
        using var initialized = await PostAsync("""{"jsonrpc":"2.0","method":"notifications/initialized"}""");
        Assert.Equal(HttpStatusCode.Accepted, initialized.StatusCode);
        return answer["result"]!;
    }

    /// <summary>Sends a request and returns the messages of the answer.</summary>
    public async Task<List<JsonNode>> AskAsync(string body)
    {
        using var response = await PostAsync(body);
        Assert.Equal("text/event-stream", response.Content.Headers.ContentType?.MediaType);
        return await FramesAsync(response);
    }

    /// <summary>Calls a tool and returns the text of its result.</summary>
    public async Task<string> CallAsync(string tool, string arguments = "{}") =>
        (string)(await AskAsync(Call(7, tool, arguments)))[^1]["result"]!["content"]![0]!["text"]!;

    public static async Task<List<JsonNode>> FramesAsync(HttpResponseMessage response)
    {
        var messages = new List<JsonNode>();
        await foreach (var message in ReadAsync(response))
        {
            messages.Add(message);
        }

        return messages;
    }

    /// <summary>Reads frames as they come; anything but the one promised form fails.</summary>
    public static async IAsyncEnumerable<JsonNode> ReadAsync(HttpResponseMessage response)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(Cancellation));
        while (await reader.ReadLineAsync(Cancellation) is { } line)
        {
            if (line.StartsWith(':'))
            {
                Assert.Equal("", await reader.ReadLineAsync(Cancellation));
                continue;
            }

            Assert.Equal("event: message", line);
            var data = await reader.ReadLineAsync(Cancellation);
            Assert.StartsWith("data: ", data, StringComparison.Ordinal);
            Assert.Equal("", await reader.ReadLineAsync(Cancellation));
            yield return JsonNode.Parse(data!["data: ".Length..])!;
        }
    }

    private void AddHeaders(HttpRequestMessage request)
    {
        if (SessionId is not null)
        {
            request.Headers.TryAddWithoutValidation("mcp-session-id", SessionId);
        }

        if (ProtocolVersion is not null)
        {
            request.Headers.TryAddWithoutValidation("mcp-protocol-version", ProtocolVersion);
        }
    }
}
