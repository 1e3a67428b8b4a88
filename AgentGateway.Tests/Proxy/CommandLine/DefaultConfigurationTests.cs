using AgentGateway.Configuration.Loading;
using AgentGateway.Proxy.CommandLine;
using Xunit;

namespace AgentGateway.Tests.Proxy.CommandLine;

public sealed class DefaultConfigurationTests : IDisposable
{
    private readonly TestConsole _console = new();

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task LocateAsync_NothingThere_WritesAFileThatRuns()
    {
        _console.Environment["HOME"] = _console.Folder;

        var source = await LocateAsync();

        Assert.Equal(_console.PathOf(".config/agentgateway/config.yaml"), source.File);
        Assert.Equal(source.File, source.WatchedFile);
        Assert.Contains($"wrote {source.File}", _console.Error, StringComparison.Ordinal);
        var result = ConfigurationLoader.Load(await File.ReadAllTextAsync(source.File!, TestContext.Current.CancellationToken), source.Name, LoadOptions.ForProcess(forRuntime: true));
        Assert.True(result.IsValid, string.Join(Environment.NewLine, result.Errors));
        Assert.Empty(result.Warnings);
        Assert.Equal(4000, Assert.Single(result.Snapshot!.Binds).Port);
    }

    [Fact]
    public async Task LocateAsync_FileExists_LeavesItAsItIs()
    {
        _console.Environment["XDG_CONFIG_HOME"] = _console.Folder;
        _console.Environment["HOME"] = "/nonexistent";
        Directory.CreateDirectory(_console.PathOf("agentgateway"));
        var file = _console.Write("agentgateway/config.yaml", "binds: []\n");

        var source = await LocateAsync();

        Assert.Equal(file, source.File);
        Assert.Equal("binds: []\n", await source.ReadAsync(TextReader.Null, TestContext.Current.CancellationToken));
        Assert.DoesNotContain("wrote", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocateAsync_MountedFolder_Wins()
    {
        _console.Environment["HOME"] = _console.Folder;
        _console.Environment["AGENTGATEWAY_ENV"] = "container";
        Directory.CreateDirectory(_console.PathOf("mounted"));

        var source = await LocateAsync();

        Assert.Equal(_console.PathOf("mounted/config.yaml"), source.File);
        Assert.Equal([source.File!], Directory.GetFiles(_console.PathOf("mounted")));
    }

    [Fact]
    public async Task LocateAsync_MountedFolderIsAFile_IsNotUsed()
    {
        _console.Environment["HOME"] = _console.Folder;
        _console.Write("mounted", "");

        var source = await LocateAsync();

        Assert.StartsWith(_console.PathOf(".config"), source.File, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("AGENTGATEWAY_ENV", "container", "is not mounted")]
    [InlineData("KUBERNETES_SERVICE_HOST", "10.0.0.1", "configuration is required when running in Kubernetes; pass --config, --file, or set LOCAL_XDS_PATH")]
    [InlineData("UNUSED", "", "HOME is not set; pass --config or --file")]
    public async Task RunAsync_NoPlaceForAFile_SaysWhatToDo(string variable, string value, string message)
    {
        _console.Environment[variable] = value;

        Assert.Equal(1, await _console.RunAsync());

        Assert.Contains(message, _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_FolderCannotBeMade_SaysSo()
    {
        _console.Environment["XDG_CONFIG_HOME"] = _console.Write("occupied", "");

        Assert.Equal(1, await _console.RunAsync());

        Assert.Contains("cannot write the configuration file", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LocateAsync_LocalXdsPath_IsAnEmptyConfiguration()
    {
        _console.Environment["LOCAL_XDS_PATH"] = "/etc/xds.yaml";
        _console.Environment["KUBERNETES_SERVICE_HOST"] = "10.0.0.1";

        var source = await LocateAsync();

        Assert.Null(source.WatchedFile);
        Assert.Equal("", await source.ReadAsync(TextReader.Null, TestContext.Current.CancellationToken));
    }

    private Task<ConfigurationSource> LocateAsync() => DefaultConfiguration.LocateAsync(_console.Streams, TestContext.Current.CancellationToken);
}
