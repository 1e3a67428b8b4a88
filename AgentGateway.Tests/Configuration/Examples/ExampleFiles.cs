using AgentGateway.Configuration.Loading;

namespace AgentGateway.Tests.Configuration.Examples;

/// <summary>Example files with the environment that they need.</summary>
internal static class ExampleFiles
{
    private static readonly string CookieSecret = new('a', 64);

    /// <summary>The YAML files below <c>examples</c> of a folder, which is their working directory.</summary>
    public static IReadOnlyList<ExampleFile> InFolder(string folder) =>
    [
        .. Directory.EnumerateFiles(Path.Combine(folder, "examples"), "*.yaml", SearchOption.AllDirectories)
            .Order(StringComparer.Ordinal)
            .Select(path => new ExampleFile(Path.GetRelativePath(folder, path), File.ReadAllText(path), Options(folder))),
    ];

    private static LoadOptions Options(string folder) => new()
    {
        // Any variable that a file wants is set; the cookie secret has a form.
        Environment = static name => name switch
        {
            "OIDC_COOKIE_SECRET" => CookieSecret,
            _ when name.EndsWith("_KEY", StringComparison.Ordinal) && name != "SESSION_KEY" => "dummy",
            _ when name.EndsWith("_ISSUER", StringComparison.Ordinal) => "https://issuer.example.com",
            _ when name.EndsWith("_SECRET", StringComparison.Ordinal) || name.EndsWith("_ID", StringComparison.Ordinal) => "dummy",
            _ when name.EndsWith("_DOMAIN", StringComparison.Ordinal) || name.EndsWith("_HOST", StringComparison.Ordinal) => "host.example.com",
            "SCOPE" => "read",
            _ when name.EndsWith("_API", StringComparison.Ordinal) => "https://api.example.com",
            _ => null,
        },
        Files = new FolderFiles(folder),
        ForRuntime = false,
    };

    private sealed class FolderFiles(string folder) : IConfigurationFiles
    {
        public bool TryRead(string path, out byte[] content, out string problem)
        {
            var full = Path.Combine(folder, path);
            var exists = File.Exists(full);
            content = exists ? File.ReadAllBytes(full) : [];
            problem = exists ? "" : "no such file";
            return exists;
        }

        public bool FolderExists(string path) => Directory.Exists(Path.GetDirectoryName(Path.Combine(folder, path)));
    }
}

/// <summary>An example file.</summary>
internal sealed record ExampleFile(string Name, string Text, LoadOptions Options);
