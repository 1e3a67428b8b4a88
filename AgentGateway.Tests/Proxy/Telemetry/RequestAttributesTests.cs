using AgentGateway.Proxy.Telemetry;
using AgentGateway.Proxy.Telemetry.Attributes;
using AgentGateway.Proxy.Telemetry.Tracing;
using Xunit;

namespace AgentGateway.Tests.Proxy.Telemetry;

public sealed class RequestAttributesTests
{
    [Fact]
    public void Collect_McpCall_ListsFactsInTheirOrderAndTypes()
    {
        var record = Record();
        record.Endpoint = "10.0.0.1:8080";
        record.Protocol = "mcp";
        record.McpMethod = "tools/call";
        record.McpTarget = "everything";
        record.McpResourceType = "tool";
        record.McpToolName = "echo";
        record.McpSessionId = "s1";
        record.McpErrorCode = -32602;
        record.McpErrorMessage = "bad";
        record.JwtSubject = "alice";
        record.RetryAttempt = 2;
        record.Reason = ResponseReason.MCP;
        record.Own = new TraceContext(0, new TraceId(1, 2), new SpanId(3), 1);
        record.OwnText = record.Own.ToString();

        Assert.Equal(
            [
                "gateway=String default/default", "listener=String listener0", "route_rule=String rule", "route=String default/route0",
                "endpoint=String 10.0.0.1:8080", "src.addr=String 127.0.0.1:4711", "http.method=String POST", "http.host=String gateway.test",
                "http.path=String /mcp?a=b", "http.version=String HTTP/1.1", "http.status=Int 200",
                "trace.id=String 00000000000000010000000000000002", "span.id=String 0000000000000003", "jwt.sub=String alice",
                "protocol=String mcp", "mcp.method.name=String tools/call", "mcp.target=String everything", "mcp.resource.type=String tool",
                "gen_ai.tool.name=String echo", "mcp.session.id=String s1", "mcp.error.code=Int -32602", "mcp.error.message=String bad",
                "retry.attempt=String 2", "reason=String MCP", "duration=Milliseconds 12ms", "url.scheme=String http",
                "network.protocol.version=String 1.1",
            ],
            Collect(record));
    }

    [Fact]
    public void Collect_OwnError_GoesToTheLogAndNamesItsTypeOnTheSpan()
    {
        var record = Record();
        record.Error = "no route";
        record.Reason = ResponseReason.NotFound;

        var list = new AttributeList();
        RequestAttributes.Collect(record, 404, 0, "http", list);

        var items = list.Items.ToArray();
        Assert.Equal(AttributeScope.LogOnly, items.Single(item => item.Key.Name == "error").Key.Scope);
        Assert.Equal(AttributeScope.SpanOnly, items.Single(item => item.Key.Name == "error.type").Key.Scope);
        Assert.Equal("NotFound", items.Single(item => item.Key.Name == "error.type").Value.ToString());
    }

    [Fact]
    public void Collect_ErrorOfTheClient_HasNoTypeOfOurs()
    {
        var record = Record();
        record.Error = "the client closed the connection";

        var list = new AttributeList();
        RequestAttributes.Collect(record, 200, 0, "http", list);

        Assert.DoesNotContain(list.Items.ToArray(), item => item.Key.Name == "error.type");
    }

    [Fact]
    public void Collect_Http2_NamesBothVersions()
    {
        var record = Record();
        record.HttpVersion = "HTTP/2";

        var attributes = Collect(record);

        Assert.Contains("http.version=String HTTP/2.0", attributes);
        Assert.Contains("network.protocol.version=String 2", attributes);
    }

    [Theory]
    [InlineData("host", "host")]
    [InlineData("host:80", "host")]
    [InlineData("[::1]:80", "[::1]")]
    [InlineData("[::1]", "[::1]")]
    [InlineData("", "")]
    public void HostLength_AnyForm_LeavesThePortOut(string host, string expected) => Assert.Equal(expected, host[..RequestAttributes.HostLength(host)]);

    private static RequestRecord Record() => new()
    {
        Listener = "listener0",
        RouteRule = "rule",
        Route = "default/route0",
        Method = "POST",
        Host = "gateway.test:3000",
        Path = "/mcp?a=b",
        HttpVersion = "HTTP/1.1",
        SourceAddress = "127.0.0.1:4711",
    };

    private static string[] Collect(RequestRecord record)
    {
        var list = new AttributeList();
        RequestAttributes.Collect(record, 200, 12, "http", list);
        return [.. list.Items.ToArray().Select(item => $"{item.Key}={item.Value.Kind} {item.Value}")];
    }
}
