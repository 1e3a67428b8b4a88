using System.Text.Json;
using AgentGateway.McpFetch.Fetching;
using Xunit;

namespace AgentGateway.Tests.McpFetch.Fetching;

public sealed class FetchArgumentsTests
{
    private static FetchArguments Parse(string json) => FetchArguments.Parse(JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(json));

    [Fact]
    public void Parse_UrlOnly_Defaults() =>
        Assert.Equal(new FetchArguments(new Uri("https://example.com/"), 5000, 0, false), Parse("""{"url":"https://example.com"}"""));

    [Fact]
    public void Parse_AllArguments_Read() =>
        Assert.Equal(
            new FetchArguments(new Uri("http://example.com/a"), 10, 20, true),
            Parse("""{"url":" http://example.com/a ","max_length":10.0,"start_index":20,"raw":true}"""));

    [Theory]
    [InlineData("{}", "'url' is required")]
    [InlineData("""{"url":5}""", "'url' must be a string")]
    [InlineData("""{"url":""}""", "is not an absolute URL")]
    [InlineData("""{"url":"example.com"}""", "is not an absolute URL")]
    [InlineData("""{"url":"/etc/passwd"}""", "is not an absolute URL")]
    [InlineData("""{"url":"http://"}""", "is not an absolute URL")]
    [InlineData("""{"url":"file:///etc/passwd"}""", "the scheme 'file' is not supported")]
    [InlineData("""{"url":"gopher://x/"}""", "the scheme 'gopher' is not supported")]
    [InlineData("""{"url":"http://u:hunter2@example.com/"}""", "a user name or password is refused")]
    [InlineData("""{"url":"http://u:hunter2@exa mple.com:x/"}""", "is not an absolute URL")]
    [InlineData("""{"url":"http://a","max_length":0}""", "'max_length' is 0; it must be between 1 and 1000000")]
    [InlineData("""{"url":"http://a","max_length":1000001}""", "'max_length' is 1000001; it must be between 1 and 1000000")]
    [InlineData("""{"url":"http://a","max_length":1.5}""", "'max_length' must be an integer")]
    [InlineData("""{"url":"http://a","max_length":"5"}""", "'max_length' must be an integer")]
    [InlineData("""{"url":"http://a","max_length":1e999}""", "'max_length' must be an integer")]
    [InlineData("""{"url":"http://a","start_index":-1}""", "'start_index' is -1; it must be between 0")]
    [InlineData("""{"url":"http://a","start_index":99999999999}""", "'start_index' is 99999999999; it must be")]
    [InlineData("""{"url":"http://a","raw":"yes"}""", "'raw' must be true or false")]
    [InlineData("""{"url":"http://a","maxLength":5}""", "'maxLength' is not an argument; known are url, max_length")]
    public void Parse_WrongArguments_Explained(string json, string reason)
    {
        var error = Assert.Throws<FetchException>(() => Parse(json));

        Assert.Equal(FetchFailure.InvalidArgument, error.Failure);
        Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_SeveralWrong_AllNamed()
    {
        var error = Assert.Throws<FetchException>(() => Parse("""{"max_length":0,"raw":1}"""));

        Assert.Contains("'url' is required", error.Message, StringComparison.Ordinal);
        Assert.Contains("'max_length' is 0", error.Message, StringComparison.Ordinal);
        Assert.Contains("'raw' must be", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Parse_OverlongUrl_Refused()
    {
        var error = Assert.Throws<FetchException>(() => Parse($$"""{"url":"http://a/{{new string('x', 9000)}}"}"""));

        Assert.Contains("the limit is 8192", error.Message, StringComparison.Ordinal);
        Assert.True(error.Message.Length < 500);
    }
}
