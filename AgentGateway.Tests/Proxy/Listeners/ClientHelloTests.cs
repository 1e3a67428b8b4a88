using System.Buffers;
using System.Net.Security;
using AgentGateway.Proxy.Listeners.Tls;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Proxy.Listeners;

public sealed class ClientHelloTests
{
    [Theory]
    [InlineData("example.com", "example.com")]
    [InlineData("API.Example.COM", "api.example.com")]
    public async Task TryRead_OfARealHandshake_FindsTheServerName(string host, string expected)
    {
        var bytes = await CaptureAsync(host);

        Assert.Equal(ClientHello.Result.Found, ClientHello.TryRead(new ReadOnlySequence<byte>(bytes), out var hello));
        Assert.Equal(expected, hello.ServerName);
    }

    [Fact]
    public async Task TryRead_OfAHandshakeToAnAddress_FindsNoServerName()
    {
        var bytes = await CaptureAsync("127.0.0.1");

        Assert.Equal(ClientHello.Result.Found, ClientHello.TryRead(new ReadOnlySequence<byte>(bytes), out var hello));
        Assert.Null(hello.ServerName);
    }

    [Fact]
    public async Task TryRead_OfEveryPrefix_AsksForMore()
    {
        var bytes = await CaptureAsync("example.com");

        for (var length = 0; length < bytes.Length; length++)
        {
            Assert.Equal(ClientHello.Result.NeedMore, ClientHello.TryRead(new ReadOnlySequence<byte>(bytes, 0, length), out _));
        }
    }

    [Fact]
    public async Task TryRead_OfAHelloInManyRecords_FindsTheServerName()
    {
        var bytes = await CaptureAsync("example.com");
        var message = bytes.AsSpan(5).ToArray();
        var fragmented = new List<byte>();
        foreach (var part in message.Chunk(37))
        {
            fragmented.AddRange([22, 3, 1, 0, (byte)part.Length, .. part]);
        }

        Assert.Equal(ClientHello.Result.Found, ClientHello.TryRead(new ReadOnlySequence<byte>(fragmented.ToArray()), out var hello));
        Assert.Equal("example.com", hello.ServerName);
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("\u0016\u0003\u0001\u0000\u0000\u0001")]
    public void TryRead_OfSomethingElse_IsInvalid(string text) =>
        Assert.Equal(ClientHello.Result.Invalid, ClientHello.TryRead(new ReadOnlySequence<byte>(System.Text.Encoding.Latin1.GetBytes(text)), out _));

    [Fact]
    public async Task TryRead_OfADamagedHello_EndsWithAVerdict()
    {
        var bytes = await CaptureAsync("example.com");

        Gen.Select(Gen.Int[5, bytes.Length - 1], Gen.Byte).Array[1, 8].Sample(damages =>
        {
            var copy = bytes.ToArray();
            foreach (var (at, value) in damages)
            {
                copy[at] = value;
            }

            return Enum.IsDefined(ClientHello.TryRead(new ReadOnlySequence<byte>(copy), out _));
        });
    }

    /// <summary>The first flight of the runtime's own TLS client.</summary>
    private static async Task<byte[]> CaptureAsync(string host)
    {
        var wire = new CapturingStream();
        await using var ssl = new SslStream(wire);
        await Assert.ThrowsAnyAsync<IOException>(() => ssl.AuthenticateAsClientAsync(host));
        return wire.Written.ToArray();
    }

    private sealed class CapturingStream : Stream
    {
        public MemoryStream Written { get; } = new();

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => true;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override void Flush()
        {
        }

        public override int Read(byte[] buffer, int offset, int count) => 0;

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => Written.Write(buffer, offset, count);
    }
}
