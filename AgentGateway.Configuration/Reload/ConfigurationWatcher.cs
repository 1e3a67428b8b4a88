using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.Reload;

/// <summary>
/// Loads a configuration file again when it, or a file that it refers to, changes. A file that cannot be used changes nothing: its errors are
/// handed over once, and the last good state stays.
/// </summary>
public sealed class ConfigurationWatcher : IDisposable
{
    /// <summary>Quiet time after a change before the file is read.</summary>
    public static readonly TimeSpan Debounce = TimeSpan.FromMilliseconds(250);

    // A file that never stops changing is read this often all the same.
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(2);

    private readonly string _path;
    private readonly LoadOptions _options;
    private readonly Action<LoadResult> _onLoaded;
    private readonly Action<LoadResult> _onRefused;
    private readonly IChangeSource _source;
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private readonly Lock _reload = new();
    private readonly Lock _schedule = new();
    private long? _firstChange;
    private byte[] _lastDigest = [];

    // What was read last; null when it was refused, since files that were not there may be by now.
    private ConfigurationFile.Contents? _current;
    private IReadOnlyCollection<string> _referenced = [];
    private bool _disposed;

    /// <summary>Prepares to follow a file; nothing is read before <see cref="Start"/>.</summary>
    /// <param name="path">The configuration file.</param>
    /// <param name="options">Environment, files and purpose of the loads.</param>
    /// <param name="onLoaded">Takes each state that is to be put in force; called one at a time.</param>
    /// <param name="onRefused">Takes the errors of a file that cannot be used, once for each content; called one at a time.</param>
    /// <param name="source">Says when files may have changed; disposed with the watcher.</param>
    /// <param name="time">Clock of the debounce.</param>
    public ConfigurationWatcher(
        string path, LoadOptions options, Action<LoadResult> onLoaded, Action<LoadResult> onRefused, IChangeSource source, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(source);
        ArgumentNullException.ThrowIfNull(time);
        _path = path;
        _options = options;
        _onLoaded = onLoaded;
        _onRefused = onRefused;
        _source = source;
        _time = time;
        _timer = time.CreateTimer(static state => ((ConfigurationWatcher)state!).Reload(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        source.Changed += OnChanged;
    }

    /// <summary>Reads the file for the first time and begins to follow it. The callbacks are not called for this result.</summary>
    /// <param name="known">What was read from the file before; not read again where it and all files it refers to are what they were.</param>
    public LoadResult Start(ConfigurationFile? known = null)
    {
        lock (_reload)
        {
            // Followed before it is read: a change in between is not lost.
            _source.Follow([_path]);
            var file = known is not null && known.Read.IsCurrent(_options.Files) ? known : Load();
            _lastDigest = file.Digest;
            Follow(file);
            return file.Result;
        }
    }

    /// <summary>Reads the file now, as a change would.</summary>
    public void Reload()
    {
        lock (_schedule)
        {
            _firstChange = null;
        }

        lock (_reload)
        {
            if (_disposed)
            {
                return;
            }

            // Something else in a watched folder changed, such as a log beside the configuration: a large file is not parsed for that.
            if (_current is not null && _current.IsCurrent(_options.Files))
            {
                return;
            }

            var file = Load();
            Follow(file);
            if (file.Digest.AsSpan().SequenceEqual(_lastDigest))
            {
                return;
            }

            _lastDigest = file.Digest;
            (file.Result.IsValid ? _onLoaded : _onRefused)(file.Result);
        }
    }

    /// <summary>Stops following.</summary>
    public void Dispose()
    {
        lock (_reload)
        {
            _disposed = true;
        }

        _source.Changed -= OnChanged;
        _timer.Dispose();
        _source.Dispose();
    }

    private void OnChanged()
    {
        lock (_schedule)
        {
            if (_disposed)
            {
                return;
            }

            var now = _time.GetTimestamp();
            _firstChange ??= now;
            var left = LongestDelay - _time.GetElapsedTime(_firstChange.Value, now);
            _timer.Change(left < Debounce ? TimeSpan.FromTicks(Math.Max(0, left.Ticks)) : Debounce, Timeout.InfiniteTimeSpan);
        }
    }

    private ConfigurationFile Load() => ConfigurationFile.Load(_path, _options, allowEmpty: _lastDigest.Length == 0, _referenced);

    // A refused state may name fewer files than the one in force: both are followed until the next good one.
    private void Follow(ConfigurationFile file)
    {
        var result = file.Result;
        _referenced = result.IsValid ? result.ReferencedFiles : [.. _referenced.Union(result.ReferencedFiles, StringComparer.Ordinal)];
        _current = result.IsValid ? file.Read : null;
        _source.Follow([_path, .. _referenced]);
    }
}
