namespace AgentGateway.Proxy.Backends.Transport;

/// <summary>Reads a whole body of a response up to a bound.</summary>
internal static class BoundedBody
{
    // More is allocated as it comes: an announcement costs the sender nothing.
    private const int TrustedLength = 64 * 1024;

    /// <summary>Returns the body.</summary>
    /// <exception cref="FormatException">It is larger than <paramref name="limit"/> bytes.</exception>
    public static async ValueTask<byte[]> ReadAsync(HttpContent content, int limit, CancellationToken cancellationToken)
    {
        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        return await ReadAsync(stream, content.Headers.ContentLength, limit, cancellationToken) ?? throw new FormatException($"the body is longer than {limit} bytes");
    }

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
