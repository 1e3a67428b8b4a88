using System.Text;
using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;
using Xunit;

namespace AgentGateway.Tests.Configuration.Expressions;

/// <summary>
/// The tables of <c>docs/cel.md</c> are made from the declarations. To rewrite them after a change, run this test with the environment variable
/// <c>UPDATE_DOCS=1</c>.
/// </summary>
public sealed class CelDocumentationTests
{
    private static readonly string Page = Path.Combine(Repository.Root, "docs", "cel.md");

    [Theory]
    [InlineData("variables")]
    [InlineData("functions")]
    [InlineData("limits")]
    public void Page_Table_ListsWhatTheCodeDeclares(string table)
    {
        var expected = table switch { "variables" => Variables(), "functions" => Functions(), _ => Limits() };
        var page = File.ReadAllText(Page);
        var begin = $"<!-- {table}: made from the code -->\n";
        var end = $"<!-- {table}: end -->";
        var from = page.IndexOf(begin, StringComparison.Ordinal) + begin.Length;
        var to = page.IndexOf(end, StringComparison.Ordinal);
        Assert.True(from >= begin.Length && to >= from, $"docs/cel.md has no marks for {table}");
        if (Environment.GetEnvironmentVariable("UPDATE_DOCS") == "1")
        {
            File.WriteAllText(Page, page[..from] + expected + page[to..]);
            return;
        }

        Assert.Equal(expected, page[from..to]);
    }

    [Fact]
    public void Page_EveryMacro_IsMentioned()
    {
        var page = File.ReadAllText(Page);

        Assert.All(AgentGateway.Cel.Syntax.Macros.Names.Where(static n => n != "cel.block"), name => Assert.Contains(name, page, StringComparison.Ordinal));
    }

    private static string Variables()
    {
        var text = new StringBuilder("\n| variable | type | meaning |\n|---|---|---|\n");
        foreach (var variable in GatewayExpressions.Environment.Variables)
        {
            Row(text, $"`{variable.Name}`", variable.Type.ObjectType is null ? TypeName(variable.Type) : "object", variable.Description);
            Members(text, variable.Name, variable.Type);
        }

        return text.Append('\n').ToString();
    }

    private static void Members(StringBuilder text, string path, CelType type)
    {
        if (type.ObjectType is not { } objectType)
            return;
        foreach (var member in objectType.Members)
        {
            var nested = member.Type.ObjectType is { Members.Length: > 0 };
            Row(text, $"`{path}.{member.Name}`", nested ? "object" : TypeName(member.Type), member.Description);
            Members(text, $"{path}.{member.Name}", member.Type);
        }
    }

    private static string Functions()
    {
        var text = new StringBuilder("\n| function | meaning |\n|---|---|\n");
        var overloads = GatewayExpressions.Environment.Functions
            .Where(static f => char.IsAsciiLetter(f.Name[0]))
            .OrderBy(static f => f.Name, StringComparer.Ordinal)
            .SelectMany(static f => f.Overloads);
        foreach (var overload in overloads)
        {
            Assert.NotEqual("", overload.Description);
            Row(text, $"`{overload.Signature}`", overload.Description);
        }

        return text.Append('\n').ToString();
    }

    private static string Limits()
    {
        var limits = CelLimits.Default;
        var text = new StringBuilder("\n| bound | default |\n|---|---|\n");
        Row(text, "source length, characters", $"{limits.MaxSourceLength}");
        Row(text, "nesting", $"{limits.MaxNesting}");
        Row(text, "parts of the syntax tree", $"{limits.MaxNodes}");
        Row(text, "iterations of one evaluation", $"{limits.MaxIterations}");
        Row(text, "work of one evaluation, steps", $"{limits.MaxWork}");
        Row(text, "length of a string, byte sequence or list", $"{limits.MaxValueSize}");
        Row(text, "memory one evaluation builds, bytes", $"{limits.MaxMemory}");
        Row(text, "nesting of a value", $"{CelLimits.MaxValueDepth}");
        Row(text, "nesting of JSON text that is read", $"{CelLimits.MaxJsonDepth}");
        Row(text, "length of a regular expression, characters", $"{limits.MaxRegexLength}");
        Row(text, "time of one match, milliseconds", $"{limits.RegexTimeout.TotalMilliseconds}");
        Row(text, "attributes of one flattened field", $"{CelFlattening.MaxAttributes}");
        return text.Append('\n').ToString();
    }

    private static void Row(StringBuilder text, params ReadOnlySpan<string> cells)
    {
        text.Append('|');
        foreach (var cell in cells)
            text.Append(' ').Append(cell.Replace("|", "\\|", StringComparison.Ordinal)).Append(" |");
        text.Append('\n');
    }

    private static string TypeName(CelType type) => type.ToString()
        .Replace("google.protobuf.Timestamp", "timestamp", StringComparison.Ordinal)
        .Replace("google.protobuf.Duration", "duration", StringComparison.Ordinal);
}
