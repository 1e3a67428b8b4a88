using System.Text;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reload;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>Where the configuration comes from, as the command line says it.</summary>
/// <param name="File">Path of <c>-f</c>; <c>-</c> is standard input.</param>
/// <param name="Inline">Text of <c>-c</c>.</param>
internal sealed record ConfigurationSource(string? File, string? Inline)
{
    /// <summary>Longest configuration that is read, in characters; a larger input is no configuration.</summary>
    private const int LongestText = 64 * 1024 * 1024;

    /// <summary>True when neither a file nor a text was given.</summary>
    public bool IsEmpty => File is null && Inline is null;

    /// <summary>File to watch for changes, or null: a text, standard input and other streams are read once.</summary>
    public string? WatchedFile =>
        File is null or "-" or "/dev/stdin" || File.StartsWith("/dev/fd/", StringComparison.Ordinal) || File.StartsWith("/proc/self/fd/", StringComparison.Ordinal)
            ? null
            : File;

    /// <summary>Name for messages.</summary>
    public string Name => Inline is not null ? "--config" : File is "-" ? "standard input" : File ?? "";

    /// <summary>The source itself, or the default file when the command line names none.</summary>
    /// <exception cref="CommandException">There is no default file, and no place for one.</exception>
    public async Task<ConfigurationSource> OrDefaultAsync(CommandConsole console, CancellationToken cancellationToken) =>
        IsEmpty ? await DefaultConfiguration.LocateAsync(console, cancellationToken) : this;

    /// <summary>Reads and loads the configuration. A file that is watched comes with what tells whether it changed since.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public async Task<(LoadResult Result, ConfigurationFile? File)> LoadAsync(TextReader input, LoadOptions options, CancellationToken cancellationToken)
    {
        if (WatchedFile is not { } path)
        {
            return (ConfigurationLoader.Load(await ReadAsync(input, cancellationToken), Name, options), null);
        }

        var file = ConfigurationFile.Load(path, options, out var problem);
        return problem is null ? (file.Result, file) : throw new CommandException($"cannot read the configuration file {path}: {problem}");
    }

    /// <summary>Reads the text. An empty source is an empty configuration.</summary>
    /// <exception cref="CommandException">The file cannot be read.</exception>
    public async Task<string> ReadAsync(TextReader input, CancellationToken cancellationToken)
    {
        if (Inline is not null || File is null)
        {
            return Inline ?? "";
        }

        try
        {
            if (File is "-")
            {
                return await ReadBoundedAsync(input, cancellationToken);
            }

            using var reader = new StreamReader(File, new UTF8Encoding(encoderShouldEmitUTF8Identifier: true, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: false);
            return await ReadBoundedAsync(reader, cancellationToken);
        }
        catch (FileNotFoundException)
        {
            throw new CommandException($"cannot read the configuration file {File}: no such file");
        }
        catch (DecoderFallbackException)
        {
            throw new CommandException($"cannot read the configuration file {File}: it is not UTF-8 text");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot read the configuration file {File}: {error.Message}");
        }
    }

    private async Task<string> ReadBoundedAsync(TextReader reader, CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        var buffer = new char[16 * 1024];
        int read;
        while ((read = await reader.ReadAsync(buffer, cancellationToken)) > 0)
        {
            text.Append(buffer, 0, read);
            if (text.Length > LongestText)
            {
                throw new CommandException($"{Name} is longer than {LongestText} characters: it is no configuration");
            }
        }

        return text.ToString();
    }
}
