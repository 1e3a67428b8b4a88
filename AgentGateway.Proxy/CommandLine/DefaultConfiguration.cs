namespace AgentGateway.Proxy.CommandLine;

/// <summary>
/// Where the configuration is when the command line names none: <c>config.yaml</c> in the folder that containers mount, else in the user's
/// configuration folder. A missing file is made, so that a first run has something to edit.
/// </summary>
internal static class DefaultConfiguration
{
    private const string FileName = "config.yaml";

    // Only what runs: an open port, to which routes are added.
    private const string Seed =
        """
        # yaml-language-server: $schema=https://agentgateway.dev/schema/config
        # Routes, MCP servers and models go here; docs/configuration.md describes every key. The gateway follows changes of this file.
        gateways:
          default:
            port: 4000

        """;

    /// <summary>Finds the file, and makes it when it is not there.</summary>
    /// <exception cref="CommandException">There is no place for it.</exception>
    public static async Task<ConfigurationSource> LocateAsync(CommandConsole console, CancellationToken cancellationToken)
    {
        if (IsSet(console, "LOCAL_XDS_PATH"))
        {
            return new ConfigurationSource(null, "");
        }

        if (IsSet(console, "KUBERNETES_SERVICE_HOST"))
        {
            throw new CommandException("configuration is required when running in Kubernetes; pass --config, --file, or set LOCAL_XDS_PATH");
        }

        var file = Path.Combine(Folder(console), FileName);
        var made = await MakeAsync(file, cancellationToken);
        await console.Error.WriteLineAsync(made ? $"no --file or --config: wrote {file}, and use it" : $"no --file or --config: use {file}");
        return new ConfigurationSource(file, null);
    }

    private static string Folder(CommandConsole console)
    {
        var mounted = console.ContainerFolder;
        if (Directory.Exists(mounted))
        {
            return IsWritable(mounted) ? mounted : throw new CommandException($"{mounted} exists but is not writable; make it writable, pass --file, or pass --config");
        }

        if (console.Environment("AGENTGATEWAY_ENV") == "container")
        {
            throw new CommandException($"{mounted} is not mounted; mount a writable {mounted}, pass --file, or pass --config");
        }

        if (console.Environment("XDG_CONFIG_HOME") is { Length: > 0 } settings)
        {
            return Path.Combine(settings, "agentgateway");
        }

        return console.Environment("HOME") is { Length: > 0 } home
            ? Path.Combine(home, ".config", "agentgateway")
            : throw new CommandException("HOME is not set; pass --config or --file");
    }

    private static async Task<bool> MakeAsync(string file, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(file)!);
            await using var stream = new FileStream(file, FileMode.CreateNew, FileAccess.Write);
            await stream.WriteAsync(System.Text.Encoding.UTF8.GetBytes(Seed), cancellationToken);
            return true;
        }
        catch (Exception error) when ((error is IOException or UnauthorizedAccessException) && File.Exists(file))
        {
            return false;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot write the configuration file {file}: {error.Message} Pass --file or --config instead.");
        }
    }

    private static bool IsWritable(string folder)
    {
        try
        {
            using var probe = new FileStream(
                Path.Combine(folder, $".agentgateway-{Guid.NewGuid():N}"), FileMode.CreateNew, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            return true;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static bool IsSet(CommandConsole console, string variable) => console.Environment(variable) is not null;
}
