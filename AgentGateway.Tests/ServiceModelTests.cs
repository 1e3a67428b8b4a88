using Xunit;

namespace AgentGateway.Tests;

/// <summary>The Aspire model, its chart and the compose file: texts that no build of the solution checks.</summary>
public sealed class ServiceModelTests
{
    private static string AppHost => Read("AgentGateway.AppHost/AppHost.cs");

    [Fact]
    public void AppHost_IsShort() => Assert.InRange(AppHost.Split('\n').Length, 40, 120);

    [Fact]
    public void AppHost_AvoidsTheTrapsOfThePublisher()
    {
        Assert.DoesNotContain("WithBindMount", AppHost, StringComparison.Ordinal);
        Assert.DoesNotContain("\"mcp-fetch\"", AppHost, StringComparison.Ordinal);
        Assert.Contains("ToUpperInvariant", AppHost, StringComparison.Ordinal);
        Assert.Equal(AppHost.Split("AddProject<").Length, AppHost.Split("launchProfileName: null").Length);
    }

    [Fact]
    public void Solution_ListsTheAppHostAndDoesNotBuildIt()
    {
        var solution = Read("AgentGateway.sln");
        var line = Assert.Single(solution.Split('\n'), line => line.Contains("AgentGateway.AppHost.csproj", StringComparison.Ordinal));
        var id = line[(line.LastIndexOf('{') + 1)..line.LastIndexOf('}')];

        Assert.Contains($"{{{id}}}.Debug|Any CPU.ActiveCfg", solution, StringComparison.Ordinal);
        Assert.DoesNotContain($"{{{id}}}.Debug|Any CPU.Build.0", solution, StringComparison.Ordinal);
    }

    [Fact]
    public void Chart_HasProbesThatTheApiServerTakes()
    {
        var templates = Directory.GetFiles(Path.Combine(Repository.Root, "deploy/chart/templates"), "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText).ToList();

        Assert.DoesNotContain(templates, text => text.Contains("scheme: http", StringComparison.Ordinal));
        Assert.Equal(3, templates.Sum(text => text.Split("scheme: HTTP").Length - 1));
        Assert.Contains(templates, text => text.Contains("path: /healthz/ready", StringComparison.Ordinal));
    }

    [Fact]
    public void Chart_CarriesTheConfigurationThatAspireRuns()
    {
        var chart = Read("deploy/chart/templates/proxy/proxy-gateway-config.yaml");

        foreach (var line in Read("config/aspire/gateway.yaml").Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.Contains("    " + line, chart, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("config/aspire/gateway.yaml")]
    [InlineData("examples/mcp-fetch/config.yaml")]
    public void Configuration_OfTheRepository_IsValid(string file)
    {
        var options = AgentGateway.Configuration.Loading.LoadOptions.ForProcess(forRuntime: true) with { Environment = static _ => null };
        var result = AgentGateway.Configuration.Loading.ConfigurationLoader.Load(Read(file), file, options);

        Assert.Empty(result.Errors);
    }

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
