using System.Text.RegularExpressions;
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
        Assert.DoesNotMatch($$"""\{{{id}}\}\.[^=]*\.Build\.0""", solution);
    }

    [Fact]
    public void AppHostProject_HasVersionsOfItsOwn() =>
        Assert.Contains("<ManagePackageVersionsCentrally>false<", Read("AgentGateway.AppHost/AgentGateway.AppHost.csproj"), StringComparison.Ordinal);

    [Fact]
    public void Chart_HasProbesThatTheApiServerTakes()
    {
        Assert.DoesNotContain(Templates, text => text.Contains("scheme: \"http\"", StringComparison.Ordinal) || text.Contains("scheme: http", StringComparison.Ordinal));
        Assert.Equal(3, Templates.Sum(text => text.Split("scheme: \"HTTP\"").Length - 1));
        Assert.Contains(Templates, text => text.Contains("path: \"/healthz/ready\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("jaeger")]
    [InlineData("mcpfetch")]
    [InlineData("proxy")]
    public void Chart_EveryResourceOfTheAppHost_HasDeploymentAndService(string resource)
    {
        Assert.Contains($"\"{resource}\"", AppHost, StringComparison.Ordinal);
        Assert.DoesNotContain('-', resource); // a hyphen is lost in services__NAME__http__0
        Assert.Contains($"name: \"{resource}-deployment\"", Read($"deploy/chart/templates/{resource}/deployment.yaml"), StringComparison.Ordinal);
        Assert.Contains($"name: \"{resource}-service\"", Read($"deploy/chart/templates/{resource}/service.yaml"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("mcpfetch")]
    [InlineData("proxy")]
    public void Chart_EveryVariableOfAService_HasAValue(string service)
    {
        var values = Read("deploy/chart/values.yaml");
        var section = values[values.IndexOf($"\n  {service}:\n", values.IndexOf("config:", StringComparison.Ordinal), StringComparison.Ordinal)..];

        var names = Regex.Matches(Read($"deploy/chart/templates/{service}/config.yaml"), $$$"""\.Values\.config\.{{{service}}}\.(\w+)""").Select(match => match.Groups[1].Value).ToList();

        Assert.Contains("OTEL_EXPORTER_OTLP_ENDPOINT", names);
        Assert.All(names, name => Assert.Contains($"\n    {name}: \"", section, StringComparison.Ordinal));
    }

    [Fact]
    public void Chart_Images_AreThoseOfTheAppHost() =>
        Assert.Contains("image: \"jaegertracing/jaeger:2.20.0\"", Read("deploy/chart/templates/jaeger/deployment.yaml"), StringComparison.Ordinal);

    [Fact]
    public void Chart_CarriesTheConfigurationThatAspireRuns()
    {
        var chart = Read("deploy/chart/templates/proxy/gateway-config.yaml");

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

    private static IReadOnlyList<string> Templates =>
        [.. Directory.GetFiles(Path.Combine(Repository.Root, "deploy/chart/templates"), "*.yaml", SearchOption.AllDirectories).Select(File.ReadAllText)];

    private static string Read(string file) => File.ReadAllText(Path.Combine(Repository.Root, file));
}
