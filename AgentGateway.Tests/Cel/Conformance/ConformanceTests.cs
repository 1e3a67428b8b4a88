using AgentGateway.Cel;
using AgentGateway.Cel.Syntax;
using Xunit;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>
/// The conformance suite of CEL (cel-spec v0.25.1), and cel-go's own parser and checker tests, from the npm package <c>@bufbuild/cel-spec</c>.
/// What does not hold stands in <c>expected-failures.txt</c>; no test of values in it does without protobuf messages (1,815 of 2,344 hold). The package has 2,344 of today's 2,456 tests:
/// it lacks the network extension, which <c>NetworkFunctionTests</c> covers, and some namespaces, proto and string tests.
/// </summary>
public sealed class ConformanceTests
{
    /// <summary>The suites of cel-spec.</summary>
    public static TheoryData<string> Suites =>
    [
        "basic", "bindings_ext", "block_ext", "comparisons", "conversions", "dynamic", "encoders_ext", "enums", "fields", "fp_math", "integer_math", "lists", "logic",
        "macros", "macros2", "math_ext", "namespace", "optionals", "parse", "plumbing", "proto2", "proto2_ext", "proto3", "string", "string_ext", "timestamps",
        "type_deductions", "wrappers",
    ];

    [Theory]
    [MemberData(nameof(Suites))]
    public void Evaluate_ConformanceSuite_GivesTheExpectedValues(string suite) =>
        Check("value", ConformanceData.Cases.Where(c => c.IsConformance && c.Suite == suite), ConformanceRunner.Value);

    [Theory]
    [MemberData(nameof(Suites))]
    public void Check_ConformanceSuite_InfersTheTypesOfCelGo(string suite) =>
        Check("type", ConformanceData.Cases.Where(c => c.IsConformance && c.Suite == suite && c.Test.TryGetProperty("type", out _)), ConformanceRunner.Type, mayBeEmpty: true);

    [Theory]
    [InlineData("conformance")]
    [InlineData("parsing")]
    [InlineData("checking")]
    [InlineData("comprehensions")]
    public void Parse_SuiteOfCelGo_GivesTheSameSyntaxTree(string suite) =>
        Check("ast", ConformanceData.Cases.Where(c => (c.IsConformance ? "conformance" : c.Suite) == suite && c.Test.TryGetProperty("ast", out _)), Tree);

    [Fact]
    public void Parse_ExpressionsCelGoRejects_ReportsErrors() =>
        Check("rejected", ConformanceData.Cases.Where(c => c.Suite == "parsing" && !c.Test.TryGetProperty("ast", out _) && SyntaxError(c)), static test =>
        {
            var diagnostics = new DiagnosticBag(test.Expression, 20);
            Parser.Parse(test.Expression, CelLibraries.None, CelLimits.Default, diagnostics);
            return diagnostics.HasErrors ? null : "no error";
        });

    [Fact]
    public void Format_EveryExpressionOfTheSuites_ParsesBackToTheSameText() =>
        Check("format", ConformanceData.Cases.Where(static c => c.Test.TryGetProperty("ast", out _)), static test =>
        {
            var diagnostics = new DiagnosticBag(test.Expression, 20);
            var libraries = test.Suite == "comprehensions" ? CelLibraries.None : CelLibraries.All;
            if (Parser.Parse(test.Expression, libraries, CelLimits.Default, diagnostics) is not { } expr)
                return diagnostics.Items[0].ToString();
            var text = Formatter.Format(expr);
            var again = Parser.Parse(text, libraries, CelLimits.Default, diagnostics);
            if (again is null)
                return $"{text}: {diagnostics.Items[0]}";
            var twice = Formatter.Format(again);
            return twice == text ? null : $"{text} became {twice}";
        });

    [Fact]
    public void ExpectedFailures_EveryLine_NamesATestOfTheSuite()
    {
        var names = ConformanceData.Cases.Select(static c => c.Name).ToHashSet(StringComparer.Ordinal);
        var unknown = ExpectedFailures.All.Keys.Where(line => !names.Contains(line[(line.IndexOf(' ', StringComparison.Ordinal) + 1)..]));
        Assert.Empty(unknown);
        Assert.DoesNotContain("", ExpectedFailures.All.Values);
    }

    private static void Check(string check, IEnumerable<ConformanceCase> cases, Func<ConformanceCase, string?> run, bool mayBeEmpty = false)
    {
        var problems = new List<string>();
        var count = 0;
        foreach (var test in cases)
        {
            count++;
            var problem = run(test);
            var listed = ExpectedFailures.Contains(check, test);
            if (problem is not null && !listed)
                problems.Add($"{check} {test.Name}: {test.Expression}\n    {problem}");
            else if (problem is null && listed)
                problems.Add($"{check} {test.Name} holds now: take it out of expected-failures.txt");
        }

        Assert.True(count > 0 || mayBeEmpty);
        Assert.True(problems.Count == 0, string.Join('\n', problems));
    }

    private static string? Tree(ConformanceCase test)
    {
        var diagnostics = new DiagnosticBag(test.Expression, 20);
        var expr = Parser.Parse(test.Expression, CelLibraries.None, CelLimits.Default, diagnostics);
        if (expr is null)
            return diagnostics.Items[0].ToString();
        var found = SyntaxTreeText.Of(expr);
        var expected = test.Test.GetProperty("ast").GetString();
        return found == expected ? null : $"{found}\n    expected\n{expected}";
    }

    /// <summary>The parser's errors of cel-go, but for those of a configuration this engine does not share.</summary>
    private static bool SyntaxError(ConformanceCase test)
    {
        var error = test.Test.GetProperty("error").GetString()!;
        return error.StartsWith("ERROR: :", StringComparison.Ordinal)
            && !error.Contains("unsupported syntax: '`'", StringComparison.Ordinal)
            && !error.Contains("recursion", StringComparison.Ordinal)
            && !error.Contains("overwrites accumulator", StringComparison.Ordinal);
    }
}
