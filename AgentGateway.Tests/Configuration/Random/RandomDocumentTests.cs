using System.Text;
using AgentGateway.Configuration.Loading;
using CsCheck;
using Xunit;

namespace AgentGateway.Tests.Configuration.Random;

public sealed class RandomDocumentTests
{
    // What a document may cost at most.
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(1);

    // A load may be hit by a garbage collection for other tests: what counts is the fastest.
    private const int Attempts = 10;

    [Fact]
    public void Load_RandomTree_IsValidOrSaysWhy() => RandomDocuments.Tree.Sample(static text => { Check(text); }, iter: 600, threads: 1);

    [Fact]
    public void Load_DamagedDocument_IsValidOrSaysWhy() => RandomDocuments.Damaged.Sample(static text => { Check(text); }, iter: 200, threads: 1);

    [Fact]
    public void Load_RandomText_IsValidOrSaysWhy() => RandomDocuments.Text.Sample(static text => { Check(text); }, iter: 2000, threads: 1);

    [Theory]
    [InlineData(98)]
    [InlineData(100_000)]
    public void Load_DeepFlow_IsRefusedByItsDepth(int depth) =>
        Assert.Contains("nested deeper than 96 levels", Refused(new string('[', depth)), StringComparison.Ordinal);

    [Fact]
    public void Load_DeepMappings_AreRefusedByTheirDepth() =>
        Assert.Contains("nested deeper than 96 levels", Refused(string.Concat(Enumerable.Repeat("{a: ", 200)) + "b" + new string('}', 200)), StringComparison.Ordinal);

    [Fact]
    public void Load_DeepBlocks_AreRefusedByTheirDepth() =>
        Assert.Contains("nested deeper than 96 levels", Refused(string.Concat(Enumerable.Range(0, 400).Select(static i => new string(' ', i) + "a:\n"))), StringComparison.Ordinal);

    [Fact]
    public void Load_AliasesThatMultiply_AreRefusedByWhatTheyExpandTo()
    {
        var text = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
        for (var i = 1; i < 30; i++)
        {
            text.Append($"a{i}: &a{i} [{string.Join(", ", Enumerable.Repeat($"*a{i - 1}", 10))}]\n");
        }

        Assert.Contains("aliases expand to more than 100000 values", Refused(text.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_MergeKeysThatMultiply_AreRefusedByWhatTheyExpandTo()
    {
        var text = new StringBuilder("m0: &m0 {" + string.Join(", ", Enumerable.Range(0, 100).Select(static i => $"k{i}: v")) + "}\n");
        for (var i = 1; i < 2000; i++)
        {
            text.Append($"m{i}: &m{i} {{<<: [*m{i - 1}, *m{i - 1}], x{i}: y}}\n");
        }

        Assert.Contains("aliases expand to more than 100000 values", Refused(text.ToString()), StringComparison.Ordinal);
    }

    [Fact]
    public void Load_AliasOfWhatContainsIt_IsRefused() =>
        Assert.Contains("an alias refers to the value that contains it", Refused("binds: &a [*a]"), StringComparison.Ordinal);

    [Fact]
    public void Load_ManyDuplicateKeys_AreNotAllListed()
    {
        var result = Check(string.Concat(Enumerable.Repeat("binds: []\n", 20_000)));

        Assert.InRange(result.Errors.Count, 100, 1001);
        Assert.All(result.Errors, static e => Assert.StartsWith("duplicate key `binds`", e.Message, StringComparison.Ordinal));
    }

    [Fact]
    public void Load_ManyUnknownKeys_AreCountedNotListed()
    {
        var result = Check(string.Concat(Enumerable.Range(0, 5000).Select(static i => $"unknown{i}: {i}\n")));

        Assert.Equal(1001, result.Errors.Count);
        Assert.Equal("4000 more errors are not listed", result.Errors[^1].Message);
    }

    [Fact]
    public void Load_HugeScalar_IsShownShortened()
    {
        var error = Assert.Single(Check($"binds: {new string('x', 4_000_000)}").Errors);

        Assert.InRange(error.ToString().Length, 1, 400);
    }

    [Theory]
    [InlineData("binds: [{port: 1, listeners: []}]\r\nconfig:\r\n  adminAddr: \"off\"\r\n")]
    [InlineData("\uFEFFbinds: []")]
    [InlineData("%YAML 1.2\n---\nbinds: []\n...\n")]
    [InlineData("{\"binds\": [{\"port\": 1, \"listeners\": []}]}")]
    [InlineData("binds:\n- port: 1\n  listeners: []\n# end")]
    public void Load_OddButWellFormedText_IsValid(string text) => Assert.Empty(Check(text).Errors);

    [Theory]
    [InlineData("binds:\n\t- port: 1\n")]
    [InlineData("binds: []\n---\nbinds: []\n")]
    [InlineData("binds: [\0]")]
    [InlineData("binds: [}")]
    [InlineData("- binds\n")]
    [InlineData("text")]
    [InlineData("? [a, b]\n: c\n")]
    [InlineData("binds: !!binary aGk=\n")]
    [InlineData("binds: !custom []\n")]
    public void Load_TextThatIsNoDocument_IsRefusedOnce(string text) => Assert.NotEmpty(Check(text).Errors);

    private static string Refused(string text) => Assert.Single(Check(text).Errors).Message;

    /// <summary>Loads the text: it never throws, takes its time, and either gives a snapshot or errors that can be shown on one line each.</summary>
    private static LoadResult Check(string text)
    {
        LoadResult? result = null;
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            if (ThreadClock.Measure(() => result = ConfigurationLoader.Load(text, "random.yaml", TestLoad.Options())) <= Longest)
            {
                break;
            }

            Assert.True(attempt < Attempts - 1, $"each of {Attempts} loads took more than {Longest}");
        }

        Assert.Equal(result!.IsValid, result.Snapshot is not null);
        var lines = text.Count(static c => c is '\n' or '\r') + text.Count(static c => c is '\u0085' or '\u2028' or '\u2029') + 2;
        foreach (var problem in result.Errors.Concat(result.Warnings))
        {
            Assert.NotEmpty(problem.Message);
            Assert.InRange(problem.Line, 1, lines);
            Assert.True(problem.Column >= 1);
            Assert.DoesNotContain(problem.ToString(), char.IsControl);
        }

        return result;
    }
}
