namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>Reads a whole body up to a bound.</summary>
internal static class BoundedBody
{
    // More is allocated as it comes: an announcement costs the sender nothing.
    private const int TrustedLength = 64 * 1024;

    /// <summary>Returns the body, or null when it is larger than <paramref name="limit"/> bytes.</summary>
    public static async ValueTask<byte[]?> ReadAsync(Stream source, long? announced, int limit, CancellationToken cancellationToken)
    {
        if (announced > limit)
        {
            return null;
        }

        var buffer = new byte[announced is { } known ? (int)Math.Min(known, TrustedLength) : 4096];
        var filled = 0;
        while (true)
        {
            if (filled == buffer.Length)
            {
                if (filled == announced)
                {
                    return buffer;
                }

                if (filled >= limit)
                {
                    // Full to the bound: only an end of the body makes it fit.
                    return await source.ReadAsync(new byte[1], cancellationToken) == 0 ? buffer : null;
                }

                Array.Resize(ref buffer, Math.Min(limit, buffer.Length * 2));
            }

            var read = await source.ReadAsync(buffer.AsMemory(filled), cancellationToken);
            if (read == 0)
            {
                Array.Resize(ref buffer, filled);
                return buffer;
            }

            filled += read;
        }
    }
}
