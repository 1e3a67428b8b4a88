using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration.Documents;
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

    // Digest of the files as the last load read them; empty when it was refused, since files that were not there may be by now.
    private byte[] _readDigest = [];
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
    public LoadResult Start()
    {
        lock (_reload)
        {
            // Followed before it is read: a change in between is not lost.
            _source.Follow([_path]);
            var (result, files) = Load();
            _lastDigest = Digest(result, files, _path);
            Follow(result, files);
            return result;
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
            if (_readDigest.Length > 0 && Digest([_path, .. _referenced], _options.Files).AsSpan().SequenceEqual(_readDigest))
            {
                return;
            }

            var (result, files) = Load();
            var digest = Digest(result, files, _path);
            Follow(result, files);
            if (digest.AsSpan().SequenceEqual(_lastDigest))
            {
                return;
            }

            _lastDigest = digest;
            if (result.IsValid)
            {
                _onLoaded(result);
            }
            else
            {
                _onRefused(result);
            }
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

    private (LoadResult Result, RememberedFiles Files) Load()
    {
        var files = new RememberedFiles(_options.Files);
        return (Load(files), files);
    }

    private LoadResult Load(RememberedFiles files)
    {
        if (!files.TryRead(_path, out var content, out var problem))
        {
            return Unreadable($"cannot read {_path}: {problem}");
        }

        if (content.Length == 0 && _lastDigest.Length > 0)
        {
            // Writing in place begins by emptying the file; to take that for a configuration would close every port.
            return Unreadable($"{_path} is empty: it may be half-written; write {{}} for a configuration without anything");
        }

        try
        {
            return ConfigurationLoader.Load(new UTF8Encoding(false, true).GetString(content).TrimStart('\uFEFF'), _path, _options with { Files = files });
        }
        catch (DecoderFallbackException)
        {
            return Unreadable($"cannot read {_path}: it is not UTF-8 text");
        }
    }

    private LoadResult Unreadable(string message) => new()
    {
        Errors = [new ConfigurationProblem("", SourcePosition.Start, message)],
        Warnings = [],
        ReferencedFiles = _referenced,
    };

    // A refused state may name fewer files than the one in force: both are followed until the next good one.
    private void Follow(LoadResult result, RememberedFiles files)
    {
        _referenced = result.IsValid ? result.ReferencedFiles : [.. _referenced.Union(result.ReferencedFiles, StringComparer.Ordinal)];
        _readDigest = result.IsValid ? Digest([_path, .. _referenced], files) : [];
        _source.Follow([_path, .. _referenced]);
    }

    /// <summary>
    /// Digest of everything that went into a result, so that a change without consequence is passed over. It is made of the very bytes that were
    /// read: a file that changes meanwhile would else count as known.
    /// </summary>
    private static byte[] Digest(LoadResult result, RememberedFiles files, string path) => [(byte)(result.IsValid ? 1 : 0), .. Digest([path, .. result.ReferencedFiles], files)];

    private static byte[] Digest(string[] paths, IConfigurationFiles files)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in paths)
        {
            var found = files.TryRead(path, out var content, out _);
            hash.AppendData(Encoding.UTF8.GetBytes(path));
            hash.AppendData([(byte)(found ? 1 : 0)]);
            hash.AppendData(SHA256.HashData(content));
        }

        return hash.GetHashAndReset();
    }
}
