namespace AgentGateway.Tests;

/// <summary>Where the checkout lies, for tests that read its files.</summary>
internal static class Repository
{
    /// <summary>Folder that holds <c>AgentGateway.sln</c>.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "AgentGateway.sln"))
            ? folder
            : Find(Path.GetDirectoryName(folder) ?? throw new InvalidOperationException("the tests run outside a checkout of the repository"));
}
