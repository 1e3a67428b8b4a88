using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>The tests of the npm package <c>@bufbuild/cel-spec</c>, installed and read once a run.</summary>
internal static class ConformanceData
{
    private static readonly Lazy<IReadOnlyList<ConformanceCase>?> Loaded = new(Load);

    /// <summary>All cases; ends the test as skipped when there is no Node to read them with.</summary>
    public static IReadOnlyList<ConformanceCase> Cases
    {
        get
        {
            Assert.SkipWhen(Loaded.Value is null, "node and npm are needed to read @bufbuild/cel-spec");
            return Loaded.Value;
        }
    }

    private static List<ConformanceCase>? Load()
    {
        var folder = Path.Combine(Repository.Root, "AgentGateway.Tests", "peers", "cel-spec");
        if (Run("node", folder, "--version") is null)
            return null;
        if (!File.Exists(Path.Combine(folder, "node_modules", "@bufbuild", "cel-spec", "package.json"))
            && Run("npm", folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund") is null)
            return null;
        var json = Run("node", folder, "dump.js") ?? throw new InvalidOperationException("dump.js failed");
        using var document = JsonDocument.Parse(json);
        var cases = new List<ConformanceCase>();
        foreach (var suite in document.RootElement.EnumerateObject())
            Read(suite.Value.Clone(), "", cases);
        return cases;
    }

    private static void Read(JsonElement suite, string prefix, List<ConformanceCase> cases)
    {
        var name = prefix.Length == 0 ? suite.GetProperty("name").GetString()! : prefix + "/" + suite.GetProperty("name").GetString();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        if (suite.TryGetProperty("tests", out var tests))
        {
            foreach (var test in tests.EnumerateArray())
            {
                var original = test.GetProperty("original");
                var own = original.TryGetProperty("name", out var given) ? given.GetString()! : string.Join(' ', original.GetProperty("expr").GetString()!.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
                var count = seen[own] = seen.GetValueOrDefault(own) + 1;
                cases.Add(new ConformanceCase(count == 1 ? $"{name}/{own}" : $"{name}/{own}#{count}", test, original));
            }
        }

        if (suite.TryGetProperty("suites", out var suites))
        {
            foreach (var inner in suites.EnumerateArray())
                Read(inner, name, cases);
        }
    }

    private static string? Run(string command, string folder, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true, RedirectStandardError = true })!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            errors.Wait();
            return process.ExitCode == 0 ? output : null;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return null;
        }
    }
}
