using System.Buffers;
using System.Text;
using AgentGateway.Proxy.Listeners.ProxyProtocol;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class ProxyProtocolHeaderTests
{
    private static readonly byte[] V2Signature = [0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a];

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.9 56324 443\r\nGET", "192.0.2.1:56324", 42)]
    [InlineData("PROXY TCP6 2001:db8::1 2001:db8::2 1 65535\r\n", "[2001:db8::1]:1", 44)]
    [InlineData("PROXY UNKNOWN\r\nGET", null, 15)]
    [InlineData("PROXY UNKNOWN ffff::1 ffff::2 1 2\r\n", null, 35)]
    public void TryRead_OfAVersion1Header_GivesTheSource(string text, string? source, int length)
    {
        Assert.Equal(ProxyProtocolHeader.Result.Found, Read(Encoding.ASCII.GetBytes(text), out var header, out var read));
        Assert.Equal(source, header.Source?.ToString());
        Assert.Equal(length, read);
    }

    [Theory]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.9 56324\r\n")]
    [InlineData("PROXY TCP4 2001:db8::1 192.0.2.9 1 2\r\n")]
    [InlineData("PROXY TCP4 1 2 3 4\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.9 65536 2\r\n")]
    [InlineData("PROXY TCP4 192.0.2.1 192.0.2.9 -1 2\r\n")]
    [InlineData("PROXY UDP4 192.0.2.1 192.0.2.9 1 2\r\n")]
    public void TryRead_OfABrokenVersion1Header_IsInvalid(string text) =>
        Assert.Equal(ProxyProtocolHeader.Result.Invalid, Read(Encoding.ASCII.GetBytes(text), out _, out _));

    [Fact]
    public void TryRead_OfAVersion1HeaderWithoutEnd_IsInvalidAfterItsLongestLength()
    {
        Assert.Equal(ProxyProtocolHeader.Result.NeedMore, Read(Encoding.ASCII.GetBytes("PROXY TCP4 " + new string('1', 50)), out _, out _));
        Assert.Equal(ProxyProtocolHeader.Result.Invalid, Read(Encoding.ASCII.GetBytes("PROXY TCP4 " + new string('1', 100)), out _, out _));
    }

    [Fact]
    public void TryRead_OfAVersion2Header_GivesSourceAndDestination()
    {
        byte[] bytes = [.. V2Signature, 0x21, 0x11, 0, 15, 192, 0, 2, 1, 192, 0, 2, 9, 0x01, 0x00, 0x01, 0xbb, 4, 0, 0, .. "GET"u8];

        Assert.Equal(ProxyProtocolHeader.Result.Found, Read(bytes, out var header, out var length));
        Assert.Equal("192.0.2.1:256", header.Source?.ToString());
        Assert.Equal("192.0.2.9:443", header.Destination?.ToString());
        Assert.Equal(bytes.Length - 3, length);
    }

    [Fact]
    public void TryRead_OfAVersion2LocalCommand_KeepsTheConnectionsAddress()
    {
        byte[] bytes = [.. V2Signature, 0x20, 0x00, 0, 0];

        Assert.Equal(ProxyProtocolHeader.Result.Found, Read(bytes, out var header, out _));
        Assert.Null(header.Source);
    }

    [Theory]
    [InlineData(new byte[] { 0x31, 0x11, 0, 12 })]
    [InlineData(new byte[] { 0x22, 0x11, 0, 12 })]
    [InlineData(new byte[] { 0x21, 0x11, 0, 11 })]
    [InlineData(new byte[] { 0x21, 0x11, 0xff, 0xff })]
    public void TryRead_OfABrokenVersion2Header_IsInvalid(byte[] rest) =>
        Assert.Equal(ProxyProtocolHeader.Result.Invalid, Read([.. V2Signature, .. rest, .. new byte[12]], out _, out _));

    [Fact]
    public void TryRead_OfAnotherProtocol_SaysAbsent() => Assert.Equal(ProxyProtocolHeader.Result.Absent, Read("GET / HTTP/1.1\r\n"u8.ToArray(), out _, out _));

    [Fact]
    public void TryRead_OfAVersionThatIsNotAccepted_IsInvalid() =>
        Assert.Equal(
            ProxyProtocolHeader.Result.Invalid,
            ProxyProtocolHeader.TryRead(new ReadOnlySequence<byte>("PROXY UNKNOWN\r\n"u8.ToArray()), ProxyProtocolVersions.V2, out _, out _));

    [Fact]
    public void TryRead_OfAnyBytes_EndsWithAVerdict() => Gen.Select(Gen.Bool, Gen.Byte.Array[0, 300]).Sample((v2, tail) =>
    {
        byte[] bytes = v2 ? [.. V2Signature, .. tail] : [.. "PROXY "u8, .. tail];
        var result = Read(bytes, out _, out var length);
        return result != ProxyProtocolHeader.Result.Found || (length > 0 && length <= bytes.Length);
    });

    private static ProxyProtocolHeader.Result Read(byte[] bytes, out ProxyProtocolHeader header, out int length) =>
        ProxyProtocolHeader.TryRead(new ReadOnlySequence<byte>(bytes), ProxyProtocolVersions.All, out header, out length);
}
