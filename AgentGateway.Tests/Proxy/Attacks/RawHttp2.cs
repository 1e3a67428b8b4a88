using System.Buffers.Binary;
using System.Text;
using AgentGateway.Tests.Proxy.Backends;

namespace AgentGateway.Tests.Proxy.Attacks;

/// <summary>An HTTP/2 client that sends header fields exactly as a test writes them, which real clients refuse to do.</summary>
internal sealed class RawHttp2(RawPeer peer) : IDisposable
{
    private const byte Data = 0;
    private const byte Headers = 1;
    private const byte ResetStream = 3;
    private const byte Settings = 4;
    private const byte GoAway = 7;
    private const byte EndStream = 1;
    private const byte EndHeaders = 4;

    public static async Task<RawHttp2> ConnectAsync(int port)
    {
        var peer = await RawPeer.ConnectAsync(port);
        await peer.SendAsync("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");
        var client = new RawHttp2(peer);
        await client.SendAsync(Settings, 0, 0, []);
        return client;
    }

    /// <summary>Sends a request on stream 1 and says what came of it: a status, <c>reset</c> or <c>goaway</c>.</summary>
    public async Task<string> AskAsync(string? body, params (string Name, string Value)[] fields)
    {
        var block = new List<byte>();
        foreach (var (name, value) in fields)
        {
            // Literal without indexing, new name, no Huffman code (RFC 7541, 6.2.2).
            block.Add(0);
            block.Add((byte)name.Length);
            block.AddRange(Encoding.Latin1.GetBytes(name));
            block.Add((byte)value.Length);
            block.AddRange(Encoding.Latin1.GetBytes(value));
        }

        await SendAsync(Headers, (byte)(EndHeaders | (body is null ? EndStream : 0)), 1, [.. block]);
        if (body is not null)
        {
            await SendAsync(Data, EndStream, 1, Encoding.Latin1.GetBytes(body));
        }

        while (true)
        {
            var head = Encoding.Latin1.GetBytes(await peer.ReadBytesAsync(9));
            var length = (head[0] << 16) | (head[1] << 8) | head[2];
            var payload = Encoding.Latin1.GetBytes(await peer.ReadBytesAsync(length));
            switch (head[3])
            {
                case Headers:
                    return StatusOf(payload);
                case ResetStream:
                    return "reset";
                case GoAway:
                    return "goaway";
            }
        }
    }

    public void Dispose() => peer.Dispose();

    private async Task SendAsync(byte type, byte flags, int stream, byte[] payload)
    {
        var frame = new byte[9 + payload.Length];
        frame[0] = (byte)(payload.Length >> 16);
        frame[1] = (byte)(payload.Length >> 8);
        frame[2] = (byte)payload.Length;
        frame[3] = type;
        frame[4] = flags;
        BinaryPrimitives.WriteInt32BigEndian(frame.AsSpan(5), stream);
        payload.CopyTo(frame, 9);
        await peer.SendAsync(frame);
    }

    // The status stands first: from the static table (RFC 7541, appendix A), or as a literal with the name of entry 8.
    private static string StatusOf(byte[] block)
    {
        var index = 0;
        while ((block[index] & 0xe0) == 0x20)
        {
            index++;
        }

        return block[index] switch
        {
            0x88 => "200",
            0x89 => "204",
            0x8a => "206",
            0x8b => "304",
            0x8c => "400",
            0x8d => "404",
            0x8e => "500",
            _ => Encoding.Latin1.GetString(block, index + 2, 3),
        };
    }
}
