using System.Text;
using AgentGateway.Proxy.Mcp.Federation;
using AgentGateway.Proxy.Mcp.Messages;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Federation;

public sealed class ServerRequestIdTests
{
    [Theory]
    [InlineData("5", "\"agw_a.b-c_n_5\"", "5")]
    [InlineData("-7", "\"agw_a.b-c_n_-7\"", "-7")]
    [InlineData("\"x\"", "\"agw_a.b-c_s_x\"", "\"x\"")]
    [InlineData("\"5\"", "\"agw_a.b-c_s_5\"", "\"5\"")]
    [InlineData("\"\"", "\"agw_a.b-c_s_\"", "\"\"")]
    [InlineData("\"a_\\u0062_n_1\"", "\"agw_a.b-c_s_a_\\u0062_n_1\"", "\"a_b_n_1\"")]
    [InlineData("\"q\\\"uote\"", "\"agw_a.b-c_s_q\\\"uote\"", "\"q\\u0022uote\"")]
    public void Prefix_Request_ComesBackAsItWas(string id, string prefixed, string restored)
    {
        var request = Message($$"""{"jsonrpc":"2.0","id":{{id}},"method":"ping"}""");
        var edits = new JsonEdits();
        ServerRequestId.Prefix(request, "a.b-c", edits);
        var outward = Message(Encoding.UTF8.GetString(edits.Apply(request.Json.Span)));
        Assert.Equal(prefixed, Encoding.UTF8.GetString(outward.Id.Span));

        var answer = Message($$$"""{"jsonrpc":"2.0","id":{{{prefixed}}},"result":{}}""");
        Assert.True(ServerRequestId.TryRestore(answer, edits, out var target));

        Assert.Equal("a.b-c", target);
        Assert.Equal(restored, Encoding.UTF8.GetString(Message(Encoding.UTF8.GetString(edits.Apply(answer.Json.Span))).Id.Span));
    }

    [Theory]
    [InlineData("5")]
    [InlineData("\"5\"")]
    [InlineData("\"agw_\"")]
    [InlineData("\"agw_a\"")]
    [InlineData("\"agw__n_5\"")]
    [InlineData("\"agw_a_n\"")]
    [InlineData("\"agw_a_n_\"")]
    [InlineData("\"agw_a_n_x\"")]
    [InlineData("\"agw_a_n_5,\\\"x\\\":1\"")]
    [InlineData("\"agw_a_z_5\"")]
    public void TryRestore_IdOfSomebodyElse_IsRefused(string id)
    {
        var edits = new JsonEdits();

        Assert.False(ServerRequestId.TryRestore(Message($$$"""{"jsonrpc":"2.0","id":{{{id}}},"result":{}}"""), edits, out _));
        Assert.True(edits.IsEmpty);
    }

    [Theory]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":4}}""", "\"requestId\":\"agw_a_n_4\"")]
    [InlineData("""{"jsonrpc":"2.0","method":"notifications/message","params":{"requestId":4}}""", "\"requestId\":4")]
    [InlineData("""{"jsonrpc":"2.0","id":4,"result":{}}""", "\"id\":4")]
    public void Prefix_OtherMessages_OnlyCancellationsNameARequest(string json, string part)
    {
        var message = Message(json);
        var edits = new JsonEdits();

        ServerRequestId.Prefix(message, "a", edits);

        Assert.Contains(part, Encoding.UTF8.GetString(edits.Apply(message.Json.Span)), StringComparison.Ordinal);
    }

    private static JsonRpcMessage Message(string json)
    {
        var message = new JsonRpcMessage();
        Assert.True(message.TryParse(Encoding.UTF8.GetBytes(json), out var reason), reason);
        return message;
    }
}
