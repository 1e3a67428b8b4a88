using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using Xunit;

namespace AgentGateway.Tests.Configuration.Examples;

public sealed class MutationTests
{
    [Fact]
    public void Load_MutatedOwnExample_IsRefusedAndNamesThePath() => CheckAll([new ExampleFile("own", OwnExamples.Everything, OwnExamples.Options)]);

    [Fact]
    public void Load_MutatedFileOfTheCorpus_IsRefusedAndNamesThePath()
    {
        var folder = Environment.GetEnvironmentVariable("AGENTGATEWAY_CORPUS");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "AGENTGATEWAY_CORPUS is not set");

        CheckAll(ExampleFiles.InFolder(folder));
    }

    private static void CheckAll(IReadOnlyList<ExampleFile> files)
    {
        var problems = new List<string>();
        foreach (var file in files)
        {
            var errors = new List<ConfigurationProblem>();
            var root = YamlDocument.Parse(EnvironmentExpansion.Expand(file.Text, file.Options.Environment, errors), errors);
            Assert.Empty(errors);
            var mutations = Mutator.Mutate(root!).ToList();
            Assert.True(mutations.Count >= 10, $"{file.Name} gives only {mutations.Count} mutations");
            foreach (var mutation in mutations)
            {
                var result = ConfigurationLoader.Load(mutation.Text.Replace("$", "$$", StringComparison.Ordinal), file.Name, file.Options);
                if (!result.Errors.Any(e => e.ToString().Contains(mutation.Path, StringComparison.Ordinal)))
                {
                    problems.Add($"{file.Name}: {mutation.Kind} at {mutation.Path}: {(result.IsValid ? "accepted" : result.Errors[0])}");
                }
            }
        }

        Assert.True(problems.Count == 0, $"{problems.Count} mutations:\n{string.Join('\n', problems.Take(60))}");
    }
}
