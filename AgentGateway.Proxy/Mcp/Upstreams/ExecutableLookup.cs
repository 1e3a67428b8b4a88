namespace AgentGateway.Proxy.Mcp.Upstreams;

/// <summary>Finds a program as a shell would: a name with a slash is a path, another is looked up in <c>PATH</c>.</summary>
internal static class ExecutableLookup
{
    /// <summary>Full path of the program, or null when there is none that may be executed.</summary>
    public static string? Find(string command, string? path)
    {
        if (command.Length == 0 || command.Contains('\0', StringComparison.Ordinal))
        {
            return null;
        }

        if (command.Contains('/', StringComparison.Ordinal) || Path.IsPathRooted(command))
        {
            return IsExecutable(command) ? Path.GetFullPath(command) : null;
        }

        foreach (var directory in (path ?? "/usr/local/bin:/usr/bin:/bin").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            var candidate = Path.Combine(directory, command);
            if (IsExecutable(candidate))
            {
                return candidate;
            }

            if (OperatingSystem.IsWindows() && IsExecutable(candidate + ".exe"))
            {
                return candidate + ".exe";
            }
        }

        return null;
    }

    private static bool IsExecutable(string path) =>
        File.Exists(path)
        && (OperatingSystem.IsWindows() || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0);
}
