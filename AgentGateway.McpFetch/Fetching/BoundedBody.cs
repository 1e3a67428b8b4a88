using System.Buffers;

namespace AgentGateway.McpFetch.Fetching;

/// <summary>Reads a response body up to a limit.</summary>
internal static class BoundedBody
{
    private const int ChunkBytes = 64 * 1024;

    /// <summary>
    /// Reads <paramref name="stream"/> to its end. The stream is the decompressing one, so the limit holds for a compression bomb after at
    /// most one chunk too many.
    /// </summary>
    /// <returns>The bytes, or null when there are more than <paramref name="maxBytes"/>.</returns>
    internal static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream stream, int maxBytes, CancellationToken cancellationToken)
    {
        var body = new ArrayBufferWriter<byte>();
        while (true)
        {
            var read = await stream.ReadAsync(body.GetMemory(ChunkBytes), cancellationToken);
            if (read == 0)
                return body.WrittenMemory;
            body.Advance(read);
            if (body.WrittenCount > maxBytes)
                return null;
        }
    }
}
