using Xunit;

namespace AgentGateway.Tests.Proxy.CommandLine;

public sealed class ConversionCommandTests : IDisposable
{
    private const string LiteLlm = "model_list: [{model_name: m, litellm_params: {model: openai/gpt-4o, timeout: 5}}]";

    private readonly TestConsole _console = new() { Input = LiteLlm };

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task RunAsync_Import_WritesAFileThatValidates()
    {
        var output = _console.PathOf("made/config.yaml");

        Assert.Equal(0, await _console.RunAsync("import", "--from", "litellm", "-f", _console.Write("litellm.yaml", LiteLlm), "-o", output));

        Assert.StartsWith($"Imported litellm config: {output} (1 settings are not carried over", _console.Output, StringComparison.Ordinal);
        Assert.Contains("manual: model_list[0].litellm_params.timeout", _console.Error, StringComparison.Ordinal);
        Assert.Equal(0, await _console.RunAsync("--validate-only", "-f", output));
        Assert.Contains("# manual: model_list[0].litellm_params.timeout", await File.ReadAllTextAsync(output, TestContext.Current.CancellationToken), StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_ImportFromStandardInput_WritesToStandardOutput()
    {
        Assert.Equal(0, await _console.RunAsync("import", "--from", "litellm", "-f", "-"));

        Assert.Contains("model: gpt-4o", _console.Output, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("kong", "unknown source `kong`: --from takes litellm")]
    [InlineData("litellm", "no model_list")]
    public async Task RunAsync_ImportOfSomethingElse_Fails(string from, string message)
    {
        Assert.Equal(1, await _console.RunAsync("import", "--from", from, "-f", _console.Write("in.yaml", "binds: []")));

        Assert.Contains(message, _console.Error, StringComparison.Ordinal);
        Assert.Empty(_console.Output);
    }

    [Fact]
    public async Task RunAsync_ImportWithoutSource_IsRefused()
    {
        Assert.NotEqual(0, await _console.RunAsync("import", "-f", "x"));

        Assert.Contains("--from", _console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("migrate", "-f")]
    [InlineData("import", "--from", "litellm", "-f")]
    public async Task RunAsync_FileIsNotUtf8_IsRefusedAndLeftAsItIs(params string[] arguments)
    {
        var path = _console.PathOf("latin1.yaml");
        byte[] content = [.. "model_list: [] # "u8, 0xE9, (byte)'\n'];
        await File.WriteAllBytesAsync(path, content, TestContext.Current.CancellationToken);

        Assert.Equal(1, await _console.RunAsync([.. arguments, path]));

        Assert.Contains("it is not UTF-8 text", _console.Error, StringComparison.Ordinal);
        Assert.Equal(content, await File.ReadAllBytesAsync(path, TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("migrate", "-f")]
    [InlineData("import", "--from", "litellm", "-f")]
    public async Task RunAsync_FileIsMissing_SaysSo(params string[] arguments)
    {
        Assert.Equal(1, await _console.RunAsync([.. arguments, _console.PathOf("missing.yaml")]));

        Assert.Contains("missing.yaml: no such file", _console.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_Migrate_RewritesTheFileBehindALink()
    {
        var file = _console.Write("config.yaml", "config:\n  logging:\n    filter: 'true'\n");
        var link = File.CreateSymbolicLink(_console.PathOf("link.yaml"), file).FullName;

        Assert.Equal(0, await _console.RunAsync("migrate", "-f", link));

        Assert.Equal($"Migrated config: {link}", _console.Output.Trim());
        Assert.Equal("frontendPolicies:\n  accessLog:\n    filter: \"true\"\n", await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
        Assert.NotNull(new FileInfo(link).LinkTarget);
        Assert.Equal(2, Directory.GetFiles(_console.Folder).Length);
    }

    [Fact]
    public async Task RunAsync_MigrateWithNothingToDo_LeavesTheFile()
    {
        var file = _console.Write("config.yaml", "binds: []");

        Assert.Equal(0, await _console.RunAsync("migrate", "-f", file));

        Assert.Equal($"Nothing to migrate: {file}", _console.Output.Trim());
    }

    [Theory]
    [InlineData("-", "cannot be rewritten")]
    [InlineData("/nonexistent/config.yaml", "/nonexistent/config.yaml")]
    public async Task RunAsync_MigrateWithoutAFile_Fails(string file, string message)
    {
        Assert.Equal(1, await _console.RunAsync("migrate", "-f", file));

        Assert.Contains(message, _console.Error, StringComparison.Ordinal);
    }
}
