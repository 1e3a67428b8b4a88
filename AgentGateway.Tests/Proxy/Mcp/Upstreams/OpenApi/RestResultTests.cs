using System.Text;
using System.Text.Json.Nodes;
using AgentGateway.Proxy.Mcp.Upstreams.OpenApi;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Upstreams.OpenApi;

public sealed class RestResultTests
{
    [Theory]
    [InlineData(200, """{ "id": 1.0 }""", """{"id":1.0}""")]
    [InlineData(200, "[1, 2]", """{"data":[1,2]}""")]
    [InlineData(200, "null", """{"data":null}""")]
    [InlineData(200, "\"text\"", """{"data":"text"}""")]
    [InlineData(204, "", """{"code":204,"message":""}""")]
    [InlineData(404, "not \"found\"", """{"code":404,"message":"not \"found\""}""")]
    [InlineData(200, "{\"a\": 1} trailing", """{"code":200,"message":"{\"a\": 1} trailing"}""")]
    [InlineData(422, """{"error": "x"}""", """{"error":"x"}""")]
    public void Called_AnyBody_BecomesStructuredContentAndText(int status, string body, string expected)
    {
        var answer = JsonNode.Parse(RestResult.Called("\"i\""u8.ToArray(), status, Encoding.UTF8.GetBytes(body), null))!;

        Assert.Equal("i", (string)answer["id"]!);
        var result = answer["result"]!;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), result["structuredContent"]), result.ToJsonString());
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse((string)result["content"]![0]!["text"]!)));
        Assert.Equal("text", (string)result["content"]![0]!["type"]!);
        Assert.Equal(status >= 400, (bool?)result["isError"] ?? false);
    }

    [Fact]
    public void Called_OddEncodings_AreStillText()
    {
        Assert.Equal("é", Message([0xE9], "ISO-8859-1"));
        Assert.Equal("a\uFFFD", Message([(byte)'a', 0xE9], null));
        Assert.Equal(1, (int)JsonNode.Parse(RestResult.Called("1"u8.ToArray(), 200, "\uFEFF{\"a\":1}"u8.ToArray(), null))!["result"]!["structuredContent"]!["a"]!);
        Assert.StartsWith("[[[", Message(Encoding.UTF8.GetBytes(new string('[', 300) + new string(']', 300)), null), StringComparison.Ordinal);

        static string Message(byte[] body, string? charset) =>
            (string)JsonNode.Parse(RestResult.Called("1"u8.ToArray(), 200, body, charset))!["result"]!["structuredContent"]!["message"]!;
    }
}
