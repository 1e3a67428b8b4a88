namespace AgentGateway.Proxy.Policies.Documents;

/// <summary>Reads bodies of services that policies call.</summary>
internal static class BoundedBody
{
    /// <summary>Reads a whole body.</summary>
    /// <exception cref="FormatException">It is longer than allowed.</exception>
    public static async Task<byte[]> ReadAsync(HttpContent content, int maxLength, CancellationToken cancellationToken)
    {
        if (content.Headers.ContentLength > maxLength)
        {
            throw TooLong(maxLength);
        }

        await using var stream = await content.ReadAsStreamAsync(cancellationToken);
        using var body = new MemoryStream();
        var buffer = new byte[8192];
        int read;
        while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > maxLength)
            {
                throw TooLong(maxLength);
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }

    private static FormatException TooLong(int maxLength) => new($"the body is longer than {maxLength} bytes");
}
