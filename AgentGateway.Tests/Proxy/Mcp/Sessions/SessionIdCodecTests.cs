using System.Text;
using AgentGateway.Proxy.Mcp.Sessions;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Mcp.Sessions;

public sealed class SessionIdCodecTests
{
    private const string Key = "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f";

    [Theory]
    [InlineData(null)]
    [InlineData(Key)]
    public void Decode_WhatWasEncoded_IsTheSameState(string? key)
    {
        var codec = new SessionIdCodec(key);
        Gen.Select(Gen.String[Gen.Char.AlphaNumeric, 1, 20], Gen.String[Gen.Char["aß\"\\😀/"], 0, 20].Null()).Array[1, 5].Sample(
            targets =>
            {
                var state = new SessionState([.. targets.Select(static target => (target.Item1, Clean(target.Item2)))], "digest");
                var decoded = codec.Decode(codec.Encode(state))!;
                Assert.Equal(state.Targets, decoded.Targets);
                Assert.Equal("digest", decoded.Backend);
            },
            iter: 300);
    }

    [Fact]
    public void Encode_UpstreamWithoutSession_TwoIdsDiffer()
    {
        var codec = new SessionIdCodec(null);
        var state = new SessionState([("a", null)], null);

        Assert.NotEqual(codec.Encode(state), codec.Encode(state));
    }

    [Fact]
    public void Encode_NoKey_IsTheDocumentedForm() => Assert.Equal(
        """{"t":"mcp","s":[{"t":"a","s":"1"},{"t":"b"}]}""",
        Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(new SessionIdCodec(null).Encode(new SessionState([("a", "1"), ("b", null)], null)))));

    [Fact]
    public void Decode_AnyTextOrOtherKey_Null()
    {
        var plain = new SessionIdCodec(null);
        var sealedCodec = new SessionIdCodec(Key);
        Gen.String.Sample(text =>
        {
            Assert.Null(plain.Decode(text));
            Assert.Null(sealedCodec.Decode(text));
        });
        var id = sealedCodec.Encode(new SessionState([("a", "1")], null));
        Assert.Null(new SessionIdCodec(Key.Replace('0', '9')).Decode(id));
        Assert.Null(plain.Decode(Convert.ToBase64String("{\"t\":\"other\",\"s\":[]}"u8)));
    }

    private static string? Clean(string? text) => text is null ? null : Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(text));
}
