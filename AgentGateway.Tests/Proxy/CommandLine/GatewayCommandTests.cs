using AgentGateway.Configuration.Reference;
using Xunit;

namespace AgentGateway.Tests.Proxy.CommandLine;

public sealed class GatewayCommandTests : IDisposable
{
    private const string NoManagement = """config: {adminAddr: "off", statsAddr: "off", readinessAddr: "off"}""";

    private readonly TestConsole _console = new() { Input = "gateways: {default: {port: 0}}" };

    public void Dispose() => _console.Dispose();

    [Fact]
    public async Task RunAsync_BothSources_IsRefused()
    {
        Assert.Equal(1, await _console.RunAsync("-f", "a.yaml", "-c", "{}"));

        Assert.Equal("only one of --config or --file", _console.Error.Trim());
    }

    [Fact]
    public async Task RunAsync_MissingFile_NamesIt()
    {
        Assert.Equal(1, await _console.RunAsync("-f", _console.PathOf("none.yaml")));

        Assert.Contains(_console.PathOf("none.yaml"), _console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("-V")]
    [InlineData("--version")]
    public async Task RunAsync_Version_PrintsIt(string option)
    {
        Assert.Equal(0, await _console.RunAsync(option));

        Assert.Matches(option == "-V" ? @"^\d+\.\d+\.\d+\S*\s*$" : """^\{"version":"\d+\.""", _console.Output);
    }

    [Fact]
    public async Task RunAsync_ValidateOnlyWithoutConfiguration_SaysSo()
    {
        Assert.Equal(0, await _console.RunAsync("--validate-only"));

        Assert.Equal("No local configuration", _console.Output.Trim());
    }

    [Theory]
    [InlineData("-c", "@text", "--config:1:1: error: not well-formed YAML")]
    [InlineData("-c", "binds: [{port: x}]", "--config:1:16: error: binds[0].port: invalid type")]
    public async Task RunAsync_ValidateOnlyBroken_PrintsPlaceAndFails(string option, string value, string message)
    {
        Assert.Equal(1, await _console.RunAsync("--validate-only", option, value));

        Assert.Contains(message, _console.Error, StringComparison.Ordinal);
        Assert.Empty(_console.Output);
    }

    [Fact]
    public async Task RunAsync_ValidateOnlyStandardInput_IsRead()
    {
        Assert.Equal(0, await _console.RunAsync("--validate-only", "-f", "-"));

        Assert.Equal("Configuration is valid!", _console.Output.Trim());
    }

    [Fact]
    public async Task RunAsync_Help_NamesEveryOptionAndCommand()
    {
        Assert.Equal(0, await _console.RunAsync("--help"));

        Assert.All(["--file", "--config", "--validate-only", "-V", "--version", "oneshot", "import", "migrate", "schema", "docs"], name => Assert.Contains(name, _console.Output, StringComparison.Ordinal));
    }

    [Fact]
    public async Task RunAsync_Oneshot_ExitsAsTheProgram()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs sh");
        var log = _console.PathOf("log");
        var text = _console.Write("config.yaml", $"{NoManagement}\ngateways: {{default: {{port: 0}}}}\n");

        Assert.Equal(7, await _console.RunAsync("oneshot", "-f", text, "--output", log, "--", "sh", "-c", "exit 7"));

        var lines = await File.ReadAllTextAsync(log, TestContext.Current.CancellationToken);
        Assert.Contains("ready, listening on port(s)", lines, StringComparison.Ordinal);
        Assert.Contains("stopped", lines, StringComparison.Ordinal);
    }

    [Fact]
    public async Task RunAsync_OneshotWithUnknownProgram_Fails()
    {
        Assert.Equal(1, await _console.RunAsync("oneshot", "-c", NoManagement, "--output", _console.PathOf("log"), "--", "no-such-program"));

        Assert.StartsWith("cannot start no-such-program: ", _console.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("schema")]
    [InlineData("docs")]
    public async Task RunAsync_Reference_WritesToStandardOutputOrAFile(string command)
    {
        var expected = command == "schema" ? ConfigurationReference.Schema() : ConfigurationReference.Page();
        var file = _console.PathOf("reference");

        Assert.Equal(0, await _console.RunAsync(command));
        Assert.Equal(0, await _console.RunAsync(command, "--output", file));

        Assert.Equal(expected, _console.Output);
        Assert.Equal(expected, await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken));
    }
}
