namespace AgentGateway.Configuration.Reload;

/// <summary>
/// Follows files by operating system notifications of their folders and, since those are lost on some file systems and do not see
/// what happens behind symbolic links, by looking at the files every two seconds.
/// </summary>
public sealed class FileChangeSource : IChangeSource
{
    private const int MostWatchedFolders = 64;
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly ITimer _timer;
    private readonly Dictionary<string, FileSystemWatcher> _watchers = new(StringComparer.Ordinal);
    private string[] _files = [];
    private Fingerprint[] _fingerprints = [];
    private bool _disposed;

    /// <summary>Starts looking.</summary>
    public FileChangeSource(TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(time);
        _timer = time.CreateTimer(static state => ((FileChangeSource)state!).Poll(), this, PollInterval, PollInterval);
    }

    /// <inheritdoc/>
    public event Action? Changed;

    /// <inheritdoc/>
    public void Follow(IReadOnlyCollection<string> files)
    {
        lock (_lock)
        {
            if (_disposed)
            {
                return;
            }

            // A file that is followed already keeps its fingerprint: what happened to it since it was read is found by the next look.
            var known = new Dictionary<string, Fingerprint>(StringComparer.Ordinal);
            for (var i = 0; i < _files.Length; i++)
            {
                known[_files[i]] = _fingerprints[i];
            }

            _files = [.. files];
            _fingerprints = [.. _files.Select(file => known.TryGetValue(file, out var fingerprint) ? fingerprint : Fingerprint.Of(file))];
            var folders = _files.Select(static f => Path.GetDirectoryName(Path.GetFullPath(f))!).Distinct(StringComparer.Ordinal).Take(MostWatchedFolders).ToHashSet(StringComparer.Ordinal);
            foreach (var folder in _watchers.Keys.Except(folders).ToList())
            {
                _watchers.Remove(folder, out var watcher);
                watcher!.Dispose();
            }

            foreach (var folder in folders)
            {
                Watch(folder);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
            _timer.Dispose();
            foreach (var watcher in _watchers.Values)
            {
                watcher.Dispose();
            }

            _watchers.Clear();
        }
    }

    private void Watch(string folder)
    {
        if (_watchers.ContainsKey(folder) || !Directory.Exists(folder))
        {
            return;
        }

        try
        {
            var watcher = new FileSystemWatcher(folder)
            {
                NotifyFilter = NotifyFilters.FileName | NotifyFilters.DirectoryName | NotifyFilters.LastWrite | NotifyFilters.Size,
            };
            watcher.Changed += OnEvent;
            watcher.Created += OnEvent;
            watcher.Deleted += OnEvent;
            watcher.Renamed += OnEvent;
            watcher.EnableRaisingEvents = true;
            _watchers.Add(folder, watcher);
        }
        catch (IOException)
        {
            // The limit of notifications is used up: looking every two seconds still finds the change.
        }
    }

    private void OnEvent(object sender, FileSystemEventArgs e) => Changed?.Invoke();

    private void Poll()
    {
        var changed = false;
        lock (_lock)
        {
            for (var i = 0; i < _files.Length; i++)
            {
                var current = Fingerprint.Of(_files[i]);
                changed |= current != _fingerprints[i];
                _fingerprints[i] = current;
            }
        }

        if (changed)
        {
            Changed?.Invoke();
        }
    }

    private readonly record struct Fingerprint(string? Target, DateTime Written, long Length)
    {
        public static Fingerprint Of(string path)
        {
            try
            {
                var file = new FileInfo(path);
                var target = file.ResolveLinkTarget(returnFinalTarget: true) as FileInfo ?? file;
                return target.Exists ? new Fingerprint(target.FullName, target.LastWriteTimeUtc, target.Length) : default;
            }
            catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
            {
                return default;
            }
        }
    }
}
