using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using Xunit;

namespace AgentGateway.Tests.Configuration.Examples;

public sealed class MutationTests
{
    [Fact]
    public void Load_MutatedOwnExample_IsRefusedAndNamesThePath() => CheckAll(OwnExamples.All);

    [Fact]
    public void Load_MutatedFileOfTheRepository_IsRefusedAndNamesThePath() => CheckAll(ExampleFiles.InFolder(Repository.Root));

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
            var kinds = mutations.Select(static m => m.Kind).Distinct().Count();
            Assert.True(kinds >= 10, $"{file.Name} gives only {kinds} kinds of mutations");
            foreach (var mutation in mutations)
            {
                var result = ConfigurationLoader.Load(mutation.Text.Replace("$", "$$", StringComparison.Ordinal), file.Name, file.Options);
                var reported = mutation.Kind == ScalarMutations.UnknownFunction ? result.Warnings : result.Errors;
                if (!reported.Any(e => e.ToString().Contains(mutation.Path, StringComparison.Ordinal)))
                {
                    problems.Add($"{file.Name}: {mutation.Kind} at {mutation.Path}: {(result.IsValid ? "accepted" : string.Join(" | ", result.Errors))}");
                }
            }
        }

        Assert.True(problems.Count == 0, $"{problems.Count} mutations:\n{string.Join('\n', problems.Take(60))}");
    }
}
