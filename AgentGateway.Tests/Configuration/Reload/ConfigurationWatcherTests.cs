using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reload;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace AgentGateway.Tests.Configuration.Reload;

public sealed class ConfigurationWatcherTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("agw-reload-").FullName;
    private readonly FakeTimeProvider _time = new();
    private readonly ManualSource _source = new();
    private readonly List<LoadResult> _loaded = [];
    private readonly List<LoadResult> _refused = [];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Changed_WithinTheDebounce_LoadsOnceWithTheLastContent()
    {
        using var watcher = Start(Content(1));

        Write(Content(2));
        _source.Raise();
        _time.Advance(TimeSpan.FromMilliseconds(200));
        Write(Content(3));
        _source.Raise();
        _time.Advance(TimeSpan.FromMilliseconds(249));
        Assert.Empty(_loaded);
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal(3, PortOf(Assert.Single(_loaded)));
    }

    [Fact]
    public void Changed_BrokenFile_IsRefusedOnceAndTheGoodOneComesBack()
    {
        using var watcher = Start(Content(1));

        Write("binds: 5\ngateways: 7");
        RaiseAndWait();
        RaiseAndWait();

        var refused = Assert.Single(_refused);
        Assert.Equal(2, refused.Errors.Count);
        Assert.Empty(_loaded);

        Write(Content(1));
        RaiseAndWait();
        Assert.Equal(1, PortOf(Assert.Single(_loaded)));
    }

    [Fact]
    public void Changed_ReferencedFile_LoadsAgainAndIsFollowed()
    {
        var keys = Path.Combine(_folder, "users");
        File.WriteAllText(keys, "alice:x");
        using var watcher = Start($"{Content(1)}    policies: {{basicAuth: {{htpasswd: {{file: '{keys}'}}}}}}\n");
        Assert.Contains(keys, _source.Followed);

        File.WriteAllText(keys, "bob:y");
        RaiseAndWait();

        Assert.Single(_loaded);
    }

    [Fact]
    public void Changed_SameContent_IsPassedOver()
    {
        using var watcher = Start(Content(1));

        Write(Content(1));
        RaiseAndWait();

        Assert.Empty(_loaded);
        Assert.Empty(_refused);
    }

    [Fact]
    public void Changed_SomethingElseInTheFolder_IsNotParsedAgain()
    {
        var parsed = 0;
        var options = LoadOptions.ForProcess(forRuntime: false) with { Environment = name => name == "COUNTED" ? (++parsed).ToString(System.Globalization.CultureInfo.InvariantCulture) : null };
        var keys = Path.Combine(_folder, "users");
        File.WriteAllText(keys, "alice:x");
        Write("# $COUNTED\nbinds:\n- port: ${COUNTED}\n  listeners:\n  - routes: []\n    policies: {basicAuth: {htpasswd: {file: '" + keys + "'}}}\n");
        using var watcher = new ConfigurationWatcher(ConfigPath, options, _loaded.Add, _refused.Add, _source, _time);
        watcher.Start();

        // The first load learns which files belong to it, so the second may still be a whole one.
        RaiseAndWait();
        var before = parsed;
        File.WriteAllText(Path.Combine(_folder, "gateway.log"), "a line");
        RaiseAndWait();
        Assert.Equal(before, parsed);

        File.WriteAllText(keys, "bob:y");
        RaiseAndWait();
        Assert.True(parsed > before);
        Assert.Single(_loaded);
    }

    [Fact]
    public void Changed_FileVanishesAndReturns_KeepsTheLastGoodState()
    {
        using var watcher = Start(Content(1));

        File.Delete(ConfigPath);
        RaiseAndWait();
        Assert.Contains("no such file", Assert.Single(Assert.Single(_refused).Errors).Message, StringComparison.Ordinal);

        Write(Content(2));
        RaiseAndWait();
        Assert.Equal(2, PortOf(Assert.Single(_loaded)));
    }

    [Fact]
    public void Changed_WithoutEnd_LoadsAllTheSame()
    {
        using var watcher = Start(Content(1));

        for (var i = 0; i < 30; i++)
        {
            Write(Content(100 + i));
            _source.Raise();
            _time.Advance(TimeSpan.FromMilliseconds(100));
        }

        Assert.NotEmpty(_loaded);
    }

    [Fact]
    public void Changed_StormOfRewritesBySeveralWays_EndsOnTheLastGoodContent()
    {
        using var watcher = Start(Content(1));

        for (var i = 1; i <= 100; i++)
        {
            var text = i % 3 == 0 ? "binds: [" : Content(1000 + i);
            switch (i % 4)
            {
                case 0:
                    Write(text);
                    break;
                case 1:
                    Replace(text);
                    break;
                default:
                    Link(text, i);
                    break;
            }

            _source.Raise();
            _time.Advance(TimeSpan.FromMilliseconds(i % 2 == 0 ? 100 : 300));
        }

        _time.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal(1100, PortOf(_loaded[^1]));
        Assert.NotEmpty(_refused);
        Assert.All(_loaded, static result => Assert.True(result.IsValid));
    }

    [Fact]
    public async Task Changed_SymlinkSwapOfTheFolder_IsNoticedByTheFileSystem()
    {
        // As Kubernetes does: config.yaml -> ..data/config.yaml, ..data -> a folder of the version.
        var data = Path.Combine(_folder, "..data");
        WriteVersion("v1", Content(1));
        Directory.CreateSymbolicLink(data, "v1");
        File.CreateSymbolicLink(ConfigPath, Path.Combine("..data", "config.yaml"));
        var seen = new TaskCompletionSource<int>(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new ConfigurationWatcher(
            ConfigPath, LoadOptions.ForProcess(forRuntime: false), result => seen.TrySetResult(PortOf(result)), _refused.Add, new FileChangeSource(TimeProvider.System), TimeProvider.System);
        Assert.True(watcher.Start().IsValid);

        WriteVersion("v2", Content(2));

        // In one step, so that the file is never missing. Renames the link itself, which the runtime's own Move does not do for folders.
        Directory.CreateSymbolicLink(data + ".next", "v2");
        using var move = System.Diagnostics.Process.Start("mv", ["-T", "-f", data + ".next", data]);
        await move.WaitForExitAsync(TestContext.Current.CancellationToken);

        Assert.Equal(2, await seen.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
        Assert.Empty(_refused);
    }

    private string ConfigPath => Path.Combine(_folder, "config.yaml");

    private static string Content(int port) => $"binds:\n- port: {port}\n  listeners:\n  - routes: []\n";

    private static int PortOf(LoadResult result) => result.Snapshot!.Binds[0].Port;

    private ConfigurationWatcher Start(string text)
    {
        Write(text);
        var watcher = new ConfigurationWatcher(ConfigPath, LoadOptions.ForProcess(forRuntime: false), _loaded.Add, _refused.Add, _source, _time);
        var first = watcher.Start();
        Assert.True(first.IsValid, string.Join('\n', first.Errors));
        return watcher;
    }

    private void Write(string text) => File.WriteAllText(ConfigPath, text);

    private void Replace(string text)
    {
        File.WriteAllText(ConfigPath + ".new", text);
        File.Move(ConfigPath + ".new", ConfigPath, overwrite: true);
    }

    private void Link(string text, int version)
    {
        var target = Path.Combine(_folder, $"version{version}.yaml");
        File.WriteAllText(target, text);
        File.CreateSymbolicLink(ConfigPath + ".link", target);
        File.Move(ConfigPath + ".link", ConfigPath, overwrite: true);
    }

    private void WriteVersion(string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_folder, name));
        File.WriteAllText(Path.Combine(_folder, name, "config.yaml"), text);
    }

    private void RaiseAndWait()
    {
        _source.Raise();
        _time.Advance(ConfigurationWatcher.Debounce);
    }

    private sealed class ManualSource : IChangeSource
    {
        public event Action? Changed;

        public IReadOnlyCollection<string> Followed { get; private set; } = [];

        public void Follow(IReadOnlyCollection<string> files) => Followed = files;

        public void Raise() => Changed?.Invoke();

        public void Dispose()
        {
        }
    }
}
