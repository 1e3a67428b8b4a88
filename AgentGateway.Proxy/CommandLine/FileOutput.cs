namespace AgentGateway.Proxy.CommandLine;

/// <summary>Writes a file whole or not at all, so that a gateway that follows it never reads half of it.</summary>
internal static class FileOutput
{
    /// <exception cref="CommandException">The file cannot be written.</exception>
    public static async Task WriteAsync(string file, string text, CancellationToken cancellationToken)
    {
        try
        {
            // What a link points to is replaced, not the link.
            var target = (File.Exists(file) ? File.ResolveLinkTarget(file, returnFinalTarget: true)?.FullName : null) ?? Path.GetFullPath(file);
            if (Path.GetDirectoryName(target) is { Length: > 0 } folder)
            {
                Directory.CreateDirectory(folder);
            }

            if (target.StartsWith("/dev/", StringComparison.Ordinal))
            {
                await File.WriteAllTextAsync(target, text, cancellationToken);
                return;
            }

            var draft = $"{target}.{Guid.NewGuid():N}.tmp";
            await File.WriteAllTextAsync(draft, text, cancellationToken);
            if (File.Exists(target) && !OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(draft, File.GetUnixFileMode(target));
            }

            File.Move(draft, target, overwrite: true);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot write {file}: {error.Message}");
        }
    }
}
