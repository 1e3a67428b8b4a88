namespace AgentGateway.Tests.Cel.Conformance;

/// <summary>The ratchet: tests of the suite that do not hold, each with its reason. A listed test that holds fails the build, so the list only shrinks.</summary>
internal static class ExpectedFailures
{
    private static readonly Lazy<Dictionary<string, string>> Listed = new(Load);

    public static bool Contains(string check, ConformanceCase test) => Listed.Value.ContainsKey($"{check} {test.Name}");

    public static IReadOnlyDictionary<string, string> All => Listed.Value;

    private static Dictionary<string, string> Load()
    {
        var listed = new Dictionary<string, string>(StringComparer.Ordinal);
        var reason = "";
        foreach (var line in File.ReadLines(Path.Combine(Repository.Root, "AgentGateway.Tests", "Cel", "Conformance", "expected-failures.txt")))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                reason = line[3..];
            else if (line.Length > 0 && line[0] != '#')
                listed.Add(line, reason);
        }

        return listed;
    }
}
