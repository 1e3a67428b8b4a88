using System.Buffers;
using System.Text;
using AgentGateway.Configuration.OpenApi;
using AgentGateway.Proxy.Mcp.Upstreams.OpenApi;
using AgentGateway.Tests.Configuration.OpenApi;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Upstreams.OpenApi;

public sealed class RestArgumentsTests
{
    // What must not come of a value.
    private static readonly SearchValues<char> Separators = SearchValues.Create("/?#&=\r\n \\");

    private static readonly OpenApiToolSet Tools = OpenApiReader.Read(LibraryDocument.Yaml).Tools!;

    [Theory]
    [InlineData("removeBook", """{"path": {"isbn": "978 / 3"}}""", "/city/v2/books/978%20%2F%203")]
    [InlineData("removeBook", """{"path": {"isbn": "ä%2e?#\r\n\u0000&"}}""", "/city/v2/books/%C3%A4%252e%3F%23%0D%0A%00%26")]
    [InlineData("removeBook", """{"path": {"isbn": [1, "b,c"]}}""", "/city/v2/books/1,b%2Cc")]
    [InlineData("removeBook", """{"path": {"isbn": true}}""", "/city/v2/books/true")]
    [InlineData("listBooks", """{"query": {"genre": ["novel", "poem"]}}""", "/city/v2/books?genre=novel&genre=poem")]
    [InlineData("listBooks", """{"query": {"genre": null}}""", "/city/v2/books?genre")]
    [InlineData("listBooks", """{"query": {"genre": [null, "a&b=c"]}}""", "/city/v2/books?genre&genre=a%26b%3Dc")]
    [InlineData("listBooks", """{"query": {"genre": [], "ids": [1, 2]}}""", "/city/v2/books?ids=1,2")]
    [InlineData("listBooks", """{"query": {"genre": "x", "tags": ["a|b", "c"]}}""", "/city/v2/books?genre=x&tags=a%7Cb%7Cc")]
    [InlineData("listBooks", """{"query": {"genre": "x", "filter": {"year": 1900, "a]b": "c"}}}""", "/city/v2/books?genre=x&filter%5Byear%5D=1900&filter%5Ba%5Db%5D=c")]
    [InlineData("listBooks", """{"query": {"genre": "x", "page": {"size": 3}}}""", "/city/v2/books?genre=x&size=3")]
    [InlineData("listBooks", """{"query": {"genre": "x", "flat": {"admin": 1}}}""", "/city/v2/books?genre=x&flat=%7B%22admin%22%3A%201%7D")]
    [InlineData("listBooks", """{"query": {"genre": 1.50, "flat": false}}""", "/city/v2/books?genre=1.50&flat=false")]
    public void TryBuild_PathAndQuery_AreEscaped(string tool, string arguments, string expected)
    {
        var request = Build(tool, arguments, out var problem);

        Assert.Equal("", problem);
        Assert.Equal(expected, request!.Target);
    }

    [Theory]
    [InlineData("removeBook", "{}", "missing required parameter `isbn` in `path`")]
    [InlineData("removeBook", """{"path": {}}""", "missing required parameter `isbn` in `path`")]
    [InlineData("removeBook", """{"path": {"isbn": ""}}""", "must not be empty")]
    [InlineData("removeBook", """{"path": {"isbn": []}}""", "must not be empty")]
    [InlineData("removeBook", """{"path": {"isbn": ".."}}""", "must not have parts `.` or `..`")]
    [InlineData("removeBook", """{"path": {"isbn": "a/../../admin"}}""", "must not have parts `.` or `..`")]
    [InlineData("removeBook", """{"path": {"isbn": "..\\admin"}}""", "must not have parts `.` or `..`")]
    [InlineData("removeBook", """{"path": {"isbn": null}}""", "must be a string, number, boolean, or a list of them, not null")]
    [InlineData("removeBook", """{"path": {"isbn": {"a": 1}}}""", "not an object")]
    [InlineData("removeBook", """{"path": {"isbn": [[1]]}}""", "items of parameter `isbn` in `path` must be strings")]
    [InlineData("removeBook", """{"path": "x"}""", "argument `path` must be an object of parameters, not a string")]
    [InlineData("removeBook", """{"path": {"isbn": "1", "other": 2}}""", "unknown parameter `other` in `path`; known are isbn")]
    [InlineData("removeBook", """{"isbn": "1"}""", "unknown argument `isbn`; this tool takes path, header")]
    [InlineData("removeBook", """{"path": {"isbn": "1"}, "path": {"isbn": "2"}}""", "have a member twice")]
    [InlineData("removeBook", """{"path": {"isbn": "\ud800"}}""", "not valid Unicode")]
    [InlineData("removeBook", """{"path": {"isbn": "1"}, "header": {"X-Branch": "a\r\nb: c"}}""", "parameter `X-Branch` in `header` must not have control characters")]
    [InlineData("removeBook", """{"path": {"isbn": "1"}, "header": ["a"]}""", "argument `header` must be an object of parameters, not a list")]
    [InlineData("removeBook", "[]", "arguments must be an object")]
    [InlineData("addReader", """{"body": 1}""", "unknown argument `body`; this tool takes none")]
    [InlineData("listBooks", "{}", "missing required parameter `genre` in `query`")]
    [InlineData("listBooks", """{"query": {"genre": "x", "more": 1}}""", "unknown parameter `more` in `query`")]
    [InlineData("addBook", "{}", "missing required argument `body`")]
    [InlineData("putScan", """{"path": {"isbn": "1", "from": 1, "to": 2}, "body": "no base64!"}""", "argument `body` must be a string of base64")]
    [InlineData("putScan", """{"path": {"isbn": "1", "from": 1, "to": 2}, "body": 5}""", "argument `body` must be a string of base64")]
    public void TryBuild_BadArguments_SaysWhatIsWrong(string tool, string arguments, string expected)
    {
        Assert.Null(Build(tool, arguments, out var problem));
        Assert.Contains(expected, problem, StringComparison.Ordinal);
    }

    [Fact]
    public void TryBuild_Headers_OnlyDeclaredOnesAreSent()
    {
        var request = Build("getBook", """{"path": {"isbn": "1"}, "header": {"X-BRANCH": ["north", 2], "authorization": "x", "host": "evil"}}""", out _)!;

        Assert.Equal([new("x-branch", "north,2")], request.Headers);
    }

    [Fact]
    public void TryBuild_Bodies_AreSentAsTheyCame()
    {
        Assert.Equal("""{ "title":  "x", "n": 1.0 }""", Encoding.UTF8.GetString(Build("addBook", """{"body": { "title":  "x", "n": 1.0 }}""", out _)!.Body!.Value.Span));
        var bytes = Build("putScan", """{"path": {"isbn": "1", "from": 1, "to": 2}, "body": "AAEC"}""", out _)!;
        Assert.True(bytes.IsBytes);
        Assert.Equal([0, 1, 2], bytes.Body!.Value.ToArray());
        Assert.Equal("/base/city/v2/books/1/pages/1-2/scan", RestArguments.TryBuild(
            Tools.Tools["putScan"], """{"path": {"isbn": "1", "from": 1, "to": 2}, "body": ""}"""u8.ToArray(), "/base", out _)!.Target);
        Assert.Null(Build("changeReader", """{"path": {"id": 1}}""", out _)!.Body);
    }

    [Fact]
    public void TryBuild_AnyText_StaysInItsPartOfTheTarget()
    {
        Gen.Select(Gen.String[1, 30], Gen.String[0, 30]).Sample(
            static (isbn, genre) =>
            {
                var arguments = new System.Text.Json.Nodes.JsonObject { ["path"] = new System.Text.Json.Nodes.JsonObject { ["isbn"] = isbn } };
                if (Build("removeBook", arguments.ToJsonString(), out var problem) is { } request)
                {
                    Assert.StartsWith("/city/v2/books/", request.Target, StringComparison.Ordinal);
                    Assert.False(request.Target.AsSpan("/city/v2/books/".Length).ContainsAny(Separators));
                    Assert.All(request.Target, static c => Assert.InRange(c, '!', '~'));
                }
                else
                {
                    Assert.NotEqual("", problem);
                }

                var query = new System.Text.Json.Nodes.JsonObject { ["query"] = new System.Text.Json.Nodes.JsonObject { ["genre"] = genre } };
                if (Build("listBooks", query.ToJsonString(), out _) is { } list)
                {
                    Assert.Equal("/city/v2/books?genre=", list.Target[..21]);
                    Assert.False(list.Target.AsSpan(21).ContainsAny(Separators));
                }
            },
            iter: 2000);
    }

    private static RestRequest? Build(string tool, string arguments, out string problem) =>
        RestArguments.TryBuild(Tools.Tools[tool], Encoding.UTF8.GetBytes(arguments), "", out problem);
}
