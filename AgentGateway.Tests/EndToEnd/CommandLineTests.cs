using System.Text.Json;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

public sealed class CommandLineTests
{
    private const string Valid = "mcp: {port: 3000, targets: [{name: files, stdio: {cmd: cat}}]}";

    [Fact]
    public async Task ValidateOnly_OfAValidText_SaysSo()
    {
        var (exitCode, output, error) = await GatewayProcess.RunAsync("", "--validate-only", "-c", Valid);

        Assert.Equal((0, "Configuration is valid!\n", ""), (exitCode, output, error));
    }

    [Fact]
    public async Task ValidateOnly_OfStandardInput_ReadsIt()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync(Valid, "--validate-only", "-f", "-");

        Assert.Equal((0, "Configuration is valid!\n"), (exitCode, output));
    }

    [Fact]
    public async Task ValidateOnly_OfAWrongText_ListsEveryErrorWithItsPath()
    {
        var (exitCode, output, error) = await GatewayProcess.RunAsync("", "--validate-only", "-c", """
            binds:
            - port: 70000
              listeners:
              - routes:
                - matches: [{path: {prefix: /}}]
                  backends: [{mcp: {targets: [{name: a_b, stdio: {}}]}}]
            """);

        Assert.Equal(1, exitCode);
        Assert.Equal("", output);
        Assert.Contains("binds[0].port: ", error, StringComparison.Ordinal);
        Assert.Contains("binds[0].listeners[0].routes[0].matches[0].path.prefix: unknown field `prefix`", error, StringComparison.Ordinal);
        Assert.Contains("binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].name: ", error, StringComparison.Ordinal);
        Assert.Contains("binds[0].listeners[0].routes[0].backends[0].mcp.targets[0].stdio.cmd: missing field `cmd`", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithFileAndText_IsRefused()
    {
        var (exitCode, _, error) = await GatewayProcess.RunAsync("", "-c", Valid, "-f", "x.yaml");

        Assert.Equal((1, "only one of --config or --file\n"), (exitCode, error));
    }

    [Fact]
    public async Task Run_WithAFileThatIsMissing_NamesIt()
    {
        var (exitCode, _, error) = await GatewayProcess.RunAsync("", "-f", "no-such-file.yaml");

        Assert.Equal(1, exitCode);
        Assert.Contains("no-such-file.yaml", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_WithAnUnknownOption_NamesIt()
    {
        var (exitCode, _, error) = await GatewayProcess.RunAsync("", "--fiel", "x");

        Assert.Equal(1, exitCode);
        Assert.Contains("--fiel", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Version_PrintsBuildInformationAsJson()
    {
        var (exitCode, output, _) = await GatewayProcess.RunAsync("", "--version");

        Assert.Equal(0, exitCode);
        using var json = JsonDocument.Parse(output);
        Assert.Matches(@"^\d+\.\d+\.\d+", json.RootElement.GetProperty("version").GetString());
    }
}
