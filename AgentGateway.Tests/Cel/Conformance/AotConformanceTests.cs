using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text.Encodings.Web;
using System.Text.Json;
using Xunit;

namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>
/// The engine as Native AOT: publishes <c>AotConformance</c> and compares the outcome of every test of the suite with the one here.
/// Takes minutes and a C compiler's linker, so it runs only when asked for: <c>AGENTGATEWAY_AOT_TESTS=1</c>.
/// </summary>
public sealed class AotConformanceTests
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Expressions whose implementation leans on what differs under AOT: regular expressions, formatting, time zones, reflection-like look-ups.</summary>
    private static readonly string[] GatewayOnly =
    [
        "'a1b22'.matches('^[a-z][0-9]+[a-z]\\\\d{2}$')", "'2026'.regexReplace('([0-9])([0-9])', '$2-$1')", "regex.extractAll('id:1 id:2', 'id:(\\\\d)')",
        "timestamp('2026-03-29T01:30:00Z').getHours('Europe/Berlin')", "timestamp('2026-07-01T00:00:00Z').getDate('-02:30')", "timestamp('2026-01-01T00:00:00.123456789Z')",
        "'%d %s %.3f %e %x %b'.format([1, 'x', 1.5, 12345.678, 255, 5])", "toJson({'b': [1, 2.5, null, b'x'], 'a': duration('1.5s')})", "json('{\"a\":[1,{\"b\":2}]}').a[1].b",
        "sha256.encode('x') + md5.encode('x') + sha1.encode('x')", "base64.encode('hello') + string(base64.decode('aGVsbG8'))", "ip('10.0.0.1').family()", "cidr('10.0.0.0/8').containsIP('10.1.2.3')",
        "form.encode({'a': 'b c', 'd': ['e', 'f']})", "url.decode('a%20b+c')", "flattenRecursive([{'a': [1, 2]}])", "[3, 1, 2].sortBy(x, -x)", "{'a': 1}.transformMap(k, v, v + 1)",
        "math.greatest(1, 2.5, 3u)", "size('\\U0001F600')", "9223372036854775807 + 1", "1 / 0", "[1, 2][5]", "undeclared.name", "nosuch(1)", "'a' +", "default(jwt.sub, 'none')",
    ];

    [Fact]
    public void Publish_NativeAot_GivesTheOutcomesOfTheJit()
    {
        Assert.SkipUnless(Environment.GetEnvironmentVariable("AGENTGATEWAY_AOT_TESTS") == "1", "publishing as Native AOT takes minutes: set AGENTGATEWAY_AOT_TESTS=1 to run it");
        var cases = ConformanceData.Cases.Where(static c => c.IsConformance).Select(static c => (c.Name, c.Original))
            .Concat(GatewayOnly.Select(static e => (Name: "gateway/" + e, Original: JsonSerializer.SerializeToElement(new Dictionary<string, string> { ["expr"] = e }))))
            .ToList();
        var folder = Directory.CreateTempSubdirectory("agentgateway-aot-");
        try
        {
            var input = Path.Combine(folder.FullName, "cases.jsonl");
            File.WriteAllLines(input, cases.Select(static c => JsonSerializer.Serialize(new object[] { c.Name, c.Original }, Plain)));
            var project = Path.Combine(Repository.Root, "AgentGateway.Tests", "AotConformance", "AgentGateway.Tests.AotConformance.csproj");
            var log = Run("dotnet", "publish", project, "-c", "Release", "-r", RuntimeInformation.RuntimeIdentifier, "-p:PublishAot=true", "--artifacts-path", Path.Combine(folder.FullName, "artifacts"),
                "-o", Path.Combine(folder.FullName, "app"), "--nologo");
            Assert.DoesNotContain(": warning ", log, StringComparison.Ordinal);

            var lines = Run(Path.Combine(folder.FullName, "app", "AgentGateway.Tests.AotConformance"), input).Split('\n', StringSplitOptions.RemoveEmptyEntries);

            Assert.Equal("aot", lines[0]);
            Assert.Equal(cases.Count, lines.Length - 1);
            var differences = cases.Select((c, i) => (c.Name, Jit: ConformanceOutcome.Of(new ConformanceCase(c.Name, default, c.Original)), Aot: lines[i + 1]))
                .Where(static o => o.Jit != o.Aot)
                .Select(static o => $"{o.Name}\n    jit {o.Jit}\n    aot {o.Aot}");
            Assert.Empty(differences);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static string Run(string command, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(command, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, $"{command} {string.Join(' ', arguments)} ended with {process.ExitCode}:\n{output}\n{errors.GetAwaiter().GetResult()}");
        return output;
    }
}
