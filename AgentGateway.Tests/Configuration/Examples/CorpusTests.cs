using AgentGateway.Configuration.Loading;
using Xunit;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>
/// Files of others, which are not part of this repository: runs over the folder that <c>AGENTGATEWAY_CORPUS</c> names, the one above <c>examples</c>.
/// </summary>
public sealed class CorpusTests
{
    [Fact]
    public void Load_EveryFileOfTheCorpus_IsValid()
    {
        var folder = Environment.GetEnvironmentVariable("AGENTGATEWAY_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "AGENTGATEWAY_CORPUS is not set");

        var problems = new List<string>();
        foreach (var file in ExampleFiles.InFolder(folder))
        {
            var result = ConfigurationLoader.Load(file.Text, file.Name, file.Options);
            problems.AddRange(result.Errors.Select(error => $"{file.Name}: {error}"));
        }

        Assert.True(problems.Count == 0, string.Join(Environment.NewLine, problems));
    }
}
