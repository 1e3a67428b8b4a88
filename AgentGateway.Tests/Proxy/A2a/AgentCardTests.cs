using System.Text;
using AgentGateway.Proxy.A2a;
using Xunit;

namespace AgentGateway.Tests.Proxy.A2a;

public sealed class AgentCardTests
{
    [Theory]
    [InlineData("/.well-known/agent.json", "")]
    [InlineData("/agents/a/.well-known/agent-card.json", "/agents/a")]
    [InlineData("/agents/a", null)]
    [InlineData("/.well-known/agent.json/x", null)]
    public void BaseOf_Path_IsWhatStandsBefore(string path, string? expected) => Assert.Equal(expected, AgentCard.BaseOf(path));

    [Fact]
    public void Rewrite_Version03_UrlBecomesTheGateways() => Assert.Equal(
        """{"name":"Köln <a>","url":"https://gw.test/agents/a","x":{"url":"http://stays"}}""",
        Rewrite("""{"name":"Köln <a>","url":"http://agent:9999/","x":{"url":"http://stays"}}""", ""));

    [Theory]
    [InlineData("http://agent:9999/", "", "https://gw.test/agents/a")]
    [InlineData("http://agent:9999/rpc", "", "https://gw.test/agents/a/rpc")]
    [InlineData("http://agent:9999/internal/rpc?v=1", "/internal", "https://gw.test/agents/a/rpc?v=1")]
    [InlineData("http://agent:9999/internal", "/internal", "https://gw.test/agents/a")]
    [InlineData("http://agent:9999/internals", "/internal", "https://gw.test/agents/a/internals")]
    [InlineData("grpc.agent:50051", "", "grpc.agent:50051")]
    public void Rewrite_Version10_InterfacesKeepTheirRelativePath(string url, string agentBase, string expected) => Assert.Equal(
        $$"""{"supportedInterfaces":[{"protocolBinding":"JSONRPC","url":"{{expected}}"}]}""",
        Rewrite($$"""{"supportedInterfaces":[{"protocolBinding":"JSONRPC","url":"{{url}}"}]}""", agentBase));

    [Theory]
    [InlineData("{}", "the agent card has neither url nor supportedInterfaces")]
    [InlineData("[]", "the agent card is no JSON object")]
    [InlineData("<html>", "the agent card is no JSON")]
    public void Rewrite_NoCard_SaysWhy(string json, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => Rewrite(json, "")).Message);

    private static string Rewrite(string json, string agentBase) =>
        Encoding.UTF8.GetString(AgentCard.Rewrite(Encoding.UTF8.GetBytes(json), "https://gw.test/agents/a", agentBase));
}
