using System.Text;
using AgentGateway.Proxy.Mcp.Upstreams;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Upstreams;

public sealed class RoutingHeaderValueTests
{
    // The examples of the MCP specification 2026-07-28, value encoding.
    [Theory]
    [InlineData("us-west1", "us-west1")]
    [InlineData("Hello, 世界", "=?base64?SGVsbG8sIOS4lueVjA==?=")]
    [InlineData(" padded ", "=?base64?IHBhZGRlZCA=?=")]
    [InlineData("line1\nline2", "=?base64?bGluZTEKbGluZTI=?=")]
    [InlineData("=?base64?literal?=", "=?base64?PT9iYXNlNjQ/bGl0ZXJhbD89?=")]
    public void Encode_ExamplesOfTheProtocol(string value, string header) => Assert.Equal(header, RoutingHeaderValue.Encode(value));

    [Fact]
    public void TryDecode_AnyEncodedText_IsTheTextAndSafeInAHeader() => Gen.String.Select(static text => Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text))).Sample(static text =>
    {
        var header = RoutingHeaderValue.Encode(text);
        Assert.All(header, static c => Assert.True(c is (>= ' ' and <= '~') or '\t'));
        Assert.True(RoutingHeaderValue.TryDecode(header, out var decoded));
        Assert.Equal(text, decoded);
    });

    [Theory]
    [InlineData("=?base64?%%?=")]
    [InlineData("=?base64?/w==?=")]
    public void TryDecode_NoBase64OrNoUtf8_False(string header) => Assert.False(RoutingHeaderValue.TryDecode(header, out _));
}
