using System.Xml.Linq;
using Xunit;

namespace AgentGateway.Tests;

/// <summary>The plan of the house, checked: which project may use which.</summary>
public sealed class ArchitectureTests
{
    private static readonly Dictionary<string, string[]> MayUse = new(StringComparer.Ordinal)
    {
        ["AgentGateway.Cel"] = [],
        ["AgentGateway.Configuration"] = ["AgentGateway.Cel"],
        ["AgentGateway.Llm"] = [],
        ["AgentGateway.Proxy"] = ["AgentGateway.Cel", "AgentGateway.Configuration", "AgentGateway.Llm", "AgentGateway.ServiceDefaults"],
        ["AgentGateway.Controller"] = ["AgentGateway.Cel", "AgentGateway.Configuration", "AgentGateway.ServiceDefaults"],
        ["AgentGateway.McpFetch"] = ["AgentGateway.ServiceDefaults"],
        ["AgentGateway.ServiceDefaults"] = [],
    };

    public static TheoryData<string> Projects => [.. MayUse.Keys.Where(name => File.Exists(ProjectFile(name)))];

    [Theory]
    [MemberData(nameof(Projects))]
    public void References_OfProject_StayWithinThePlan(string project)
    {
        var references = XDocument.Load(ProjectFile(project)).Descendants("ProjectReference")
            // A reference without its assembly only orders the build (the proxy builds the sample server that its example starts).
            .Where(reference => !string.Equals((string?)reference.Attribute("ReferenceOutputAssembly"), "false", StringComparison.OrdinalIgnoreCase))
            .Select(reference => Path.GetFileNameWithoutExtension(((string)reference.Attribute("Include")!).Replace('\\', '/')));

        Assert.Empty(references.Except(MayUse[project]));
    }

    [Theory]
    [InlineData("AgentGateway.Cel")]
    [InlineData("AgentGateway.Configuration")]
    [InlineData("AgentGateway.Proxy")]
    public void Project_OfTheDataPlane_IsAotCompatible(string project) =>
        Assert.Contains(XDocument.Load(ProjectFile(project)).Descendants("IsAotCompatible"), element => element.Value == "true");

    [Fact]
    public void Versions_OfPackages_StandInOneFile()
    {
        var withVersion = Directory.EnumerateFiles(Repository.Root, "*.csproj", SearchOption.AllDirectories)
            .Where(file => !file.Contains("artifacts", StringComparison.Ordinal) && !file.Contains("AgentGateway.AppHost", StringComparison.Ordinal))
            .Where(file => XDocument.Load(file).Descendants("PackageReference").Any(reference => reference.Attribute("Version") is not null));

        Assert.Empty(withVersion);
    }

    private static string ProjectFile(string name) => Path.Combine(Repository.Root, name, name + ".csproj");
}
