using System.Buffers;
using System.IO.Pipelines;

namespace AgentGateway.Proxy.Mcp.Streaming;

/// <summary>Writes server-sent events in the one form that clients get: <c>event: message</c>, one <c>data</c> line, an empty line.</summary>
internal static class SseFrame
{
    /// <summary>Writes one message and returns the number of bytes.</summary>
    public static int Write(PipeWriter writer, ReadOnlySpan<byte> json)
    {
        writer.Write("event: message\ndata: "u8);
        WriteLine(writer, json);
        writer.Write("\n\n"u8);
        return json.Length + 23;
    }

    /// <summary>Writes a comment that keeps intermediaries from closing a quiet stream and shows whether the client is still there.</summary>
    public static int WriteKeepAlive(PipeWriter writer)
    {
        writer.Write(":\n\n"u8);
        return 3;
    }

    /// <summary>
    /// Writes JSON as one line. Line breaks are white space between tokens there (inside strings they must be escaped), so a space says the same.
    /// </summary>
    public static void WriteLine(IBufferWriter<byte> writer, ReadOnlySpan<byte> json)
    {
        int at;
        while ((at = json.IndexOfAny((byte)'\r', (byte)'\n')) >= 0)
        {
            writer.Write(json[..at]);
            writer.Write(" "u8);
            json = json[(at + 1)..];
        }

        writer.Write(json);
    }
}
