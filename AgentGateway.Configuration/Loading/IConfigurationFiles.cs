namespace AgentGateway.Configuration.Loading;

/// <summary>Reads the files that a configuration refers to.</summary>
public interface IConfigurationFiles
{
    /// <summary>Reads a file.</summary>
    /// <param name="path">Path as written in the configuration.</param>
    /// <param name="content">Its bytes when it could be read.</param>
    /// <param name="problem">Why it could not be read, without the path.</param>
    /// <returns>True when the file was read.</returns>
    bool TryRead(string path, out byte[] content, out string problem);

    /// <summary>True when the folder that would hold the file exists.</summary>
    bool FolderExists(string path);
}

/// <summary>The files of this machine.</summary>
internal sealed class ProcessFiles : IConfigurationFiles
{
    private const long LargestFile = 64 * 1024 * 1024;

    public bool TryRead(string path, out byte[] content, out string problem)
    {
        content = [];
        try
        {
            var file = new FileInfo(path);
            if (!file.Exists)
            {
                problem = Directory.Exists(path) ? "it is a folder" : "no such file";
                return false;
            }

            if (file.Length > LargestFile)
            {
                problem = $"it is larger than {LargestFile} bytes";
                return false;
            }

            content = File.ReadAllBytes(path);
            problem = "";
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            problem = exception is UnauthorizedAccessException ? "permission denied" : "it cannot be read";
            return false;
        }
    }

    public bool FolderExists(string path) => Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(path)));
}

/// <summary>No files at all.</summary>
internal sealed class NoFiles : IConfigurationFiles
{
    public bool TryRead(string path, out byte[] content, out string problem)
    {
        content = [];
        problem = "no files are read here";
        return false;
    }

    public bool FolderExists(string path) => false;
}
