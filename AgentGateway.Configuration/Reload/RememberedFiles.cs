using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Reload;

/// <summary>The files of one load: each is read once, and stays what it was for as long as the load takes.</summary>
internal sealed class RememberedFiles(IConfigurationFiles files) : IConfigurationFiles
{
    private readonly Dictionary<string, (bool Found, byte[] Content, string Problem)> _read = new(StringComparer.Ordinal);

    public bool TryRead(string path, out byte[] content, out string problem)
    {
        if (!_read.TryGetValue(path, out var known))
        {
            known.Found = files.TryRead(path, out known.Content, out known.Problem);
            _read.Add(path, known);
        }

        (content, problem) = (known.Content, known.Problem);
        return known.Found;
    }

    public bool FolderExists(string path) => files.FolderExists(path);
}
