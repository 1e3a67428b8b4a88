using System.Text;
using AgentGateway.Proxy.Mcp;
using AgentGateway.Proxy.Mcp.Messages;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp;

public sealed class McpNamingTests
{
    [Theory]
    [InlineData("tools/list", """{"tools":[{"name":"x","_meta":{"ui":{"resourceUri":"ui://p"}}}]}""", """{"tools":[{"name":"t_x","_meta":{"ui":{"resourceUri":"ui://t+p"}}}]}""")]
    [InlineData("resources/list", """{"resources":[{"uri":"a:b","name":"n"},{"uri":"bare"}]}""", """{"resources":[{"uri":"t+a:b","name":"n"},{"uri":"bare"}]}""")]
    [InlineData("tools/call", """{"resultType":"task","taskId":"1","x":{"taskId":"2"}}""", """{"resultType":"task","taskId":"t+1","x":{"taskId":"2"}}""")]
    [InlineData("tools/call", """{"task":{"taskId":"1"},"taskId":"kept"}""", """{"task":{"taskId":"t+1"},"taskId":"kept"}""")]
    [InlineData("tools/call", """{"content":[{"taskId":"kept"}],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"1"}}}""", """{"content":[{"taskId":"kept"}],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t+1"}}}""")]
    [InlineData("tasks/list", """{"tasks":[{"taskId":"1"},5,{"taskId":2}]}""", """{"tasks":[{"taskId":"t+1"},5,{"taskId":2}]}""")]
    [InlineData("tools/call", """{"content":[{"type":"resource_link","uri":"a:b","name":"n"},{"uri":"c:d","type":"text"}],"structuredContent":{"type":"resource_link","uri":"e:f"}}""", """{"content":[{"type":"resource_link","uri":"t+a:b","name":"n"},{"uri":"c:d","type":"text"}],"structuredContent":{"type":"resource_link","uri":"e:f"}}""")]
    [InlineData("prompts/get", """{"messages":[{"role":"user","content":{"uri":"ui://p","type":"resource_link"}}]}""", """{"messages":[{"role":"user","content":{"uri":"ui://t+p","type":"resource_link"}}]}""")]
    [InlineData("tasks/get", """{"taskId":"1"}""", """{"taskId":"t+1"}""")]
    public void Prefix_Result_NamesCarryTheTarget(string method, string result, string expected)
    {
        var message = Message($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        var edits = new JsonEdits();

        McpNaming.Prefix(message, method, "t", names: true, edits);

        Assert.Equal($$"""{"jsonrpc":"2.0","id":1,"result":{{expected}}}""", Encoding.UTF8.GetString(edits.Apply(message.Json.Span)));
    }

    [Theory]
    [InlineData("tools/list", """{"tools":[{"name":"x","_meta":{"ui/resourceUri":"ui://p"}}]}""", """{"tools":[{"name":"x","_meta":{"ui/resourceUri":"ui://t+p"}}]}""")]
    [InlineData("prompts/list", """{"prompts":[{"name":"x"}]}""", """{"prompts":[{"name":"x"}]}""")]
    [InlineData("resources/templates/list", """{"resourceTemplates":[{"name":"x","uriTemplate":"m:{a}"}]}""", """{"resourceTemplates":[{"name":"x","uriTemplate":"t+m:{a}"}]}""")]
    public void Prefix_NamesStay_AddressesCarryTheTarget(string method, string result, string expected)
    {
        var message = Message($$"""{"jsonrpc":"2.0","id":1,"result":{{result}}}""");
        var edits = new JsonEdits();

        McpNaming.Prefix(message, method, "t", names: false, edits);

        Assert.Equal($$"""{"jsonrpc":"2.0","id":1,"result":{{expected}}}""", Encoding.UTF8.GetString(edits.Apply(message.Json.Span)));
    }

    [Theory]
    [InlineData("""{"taskId":"1","taskId":"2"}""")]
    [InlineData("""{"ref":{"type":"ref/prompt","name":"a"},"ref":{"type":"ref/prompt","name":"b"}}""")]
    public void Parse_MemberThatRoutesTwice_IsRefused(string parameters) =>
        Assert.False(new JsonRpcMessage().TryParse(Encoding.UTF8.GetBytes($$"""{"jsonrpc":"2.0","id":1,"method":"x","params":{{parameters}}}"""), out _));

    private static JsonRpcMessage Message(string json)
    {
        var message = new JsonRpcMessage();
        Assert.True(message.TryParse(Encoding.UTF8.GetBytes(json), out var reason), reason);
        return message;
    }
}
