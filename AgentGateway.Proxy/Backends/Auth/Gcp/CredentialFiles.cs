namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>Files of the environment that hold credentials.</summary>
internal static class CredentialFiles
{
    /// <summary>Largest file that is read.</summary>
    public const int MaxLength = 1024 * 1024;

    /// <summary>Reads a file whole.</summary>
    /// <exception cref="BackendAuthException">It cannot be read. The message goes to clients, so it does not name the path.</exception>
    public static async Task<byte[]> ReadAsync(string path, string what, CancellationToken cancellationToken)
    {
        try
        {
            await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 1, useAsync: true);
            var bytes = new byte[MaxLength + 1];
            var length = await file.ReadAtLeastAsync(bytes, bytes.Length, throwOnEndOfStream: false, cancellationToken);
            return length <= MaxLength ? bytes[..length] : throw new BackendAuthException($"{what} is longer than {MaxLength} bytes");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            throw new BackendAuthException($"{what} cannot be read", error);
        }
    }
}
