using System.Text;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Snapshot;
using Xunit;

namespace AgentGateway.Tests.Configuration;

/// <summary>Loads texts with an environment and files of the test's own.</summary>
internal static class TestLoad
{
    public static LoadResult Load(
        string text, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? files = null, bool forRuntime = false) =>
        ConfigurationLoader.Load(text, "test.yaml", Options(environment, files, forRuntime));

    public static LoadResult LoadValid(
        string text, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? files = null, bool forRuntime = false)
    {
        var result = Load(text, environment, files, forRuntime);
        Assert.True(result.IsValid, string.Join(Environment.NewLine, result.Errors));
        return result;
    }

    /// <summary>Routes of one listener, from the texts of their mappings.</summary>
    public static IReadOnlyList<RouteSnapshot> Routes(params string[] routes) =>
    [
        .. LoadValid("binds:\n- port: 3000\n  listeners:\n  - routes:\n" + string.Concat(routes.Select(static r => $"    - {r.Replace("\n", "\n      ", StringComparison.Ordinal)}\n")))
            .Snapshot!.Binds[0].Listeners[0].Routes,
    ];

    public static LoadOptions Options(IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? files = null, bool forRuntime = false) => new()
    {
        Environment = name => environment?.GetValueOrDefault(name),
        Files = new MemoryFiles(files ?? new Dictionary<string, string>()),
        ForRuntime = forRuntime,
    };

    public static ConfigurationProblem SingleError(string text, IReadOnlyDictionary<string, string>? environment = null, IReadOnlyDictionary<string, string>? files = null) =>
        Assert.Single(Load(text, environment, files).Errors);

    private sealed class MemoryFiles(IReadOnlyDictionary<string, string> files) : IConfigurationFiles
    {
        public bool TryRead(string path, out byte[] content, out string problem)
        {
            var found = files.TryGetValue(path, out var text);
            content = Encoding.UTF8.GetBytes(text ?? "");
            problem = found ? "" : "no such file";
            return found;
        }

        public bool FolderExists(string path) => files.Keys.Any(f => Path.GetDirectoryName(f) == Path.GetDirectoryName(path));
    }
}
