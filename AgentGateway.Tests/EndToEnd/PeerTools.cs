using System.ComponentModel;
using System.Diagnostics;
using System.Text.Json;
using Xunit;

namespace AgentGateway.Tests.EndToEnd;

/// <summary>Real clients from npm, installed once a run from the lock files under <c>peers/</c>.</summary>
internal static class PeerTools
{
    private static readonly TimeSpan InstallPatience = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan CallPatience = TimeSpan.FromMinutes(2);
    private static readonly Lazy<Task<string?>> Inspector = new(static () => InstallAsync("inspector"));

    /// <summary>
    /// Runs the command line of the MCP Inspector against a Streamable HTTP endpoint. The test is skipped, with the reason, where Node is
    /// missing or the package cannot be installed.
    /// </summary>
    /// <returns>The JSON it prints; the test fails when it exits with an error.</returns>
    public static async Task<JsonElement> InspectAsync(Uri endpoint, params string[] arguments)
    {
        var missing = await Inspector.Value.WaitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(missing is not null, missing ?? "");

        var script = Path.Combine(Folder("inspector"), "node_modules", "@modelcontextprotocol", "inspector", "cli", "build", "cli.js");
        var (exitCode, output, error) = await RunAsync(
            "node", Folder("inspector"), CallPatience, [script, "--cli", endpoint.ToString(), "--transport", "http", .. arguments]);
        Assert.True(exitCode == 0, $"the Inspector ended with {exitCode}: {output}{error}");
        using var json = JsonDocument.Parse(output);
        return json.RootElement.Clone();
    }

    /// <summary>Installs a peer; null when it is there, else why not.</summary>
    private static async Task<string?> InstallAsync(string peer)
    {
        var folder = Folder(peer);
        try
        {
            if ((await RunAsync("node", folder, CallPatience, ["--version"])).ExitCode != 0)
                return "node does not run";
            if (IsInstalled(folder))
                return null;
            var (exitCode, _, error) = await RunAsync("npm", folder, InstallPatience, ["ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-progress"]);
            return exitCode == 0 ? null : $"npm ci of peers/{peer} failed: {error}";
        }
        catch (Win32Exception)
        {
            return "node and npm are needed for the peers of the tests";
        }
        catch (TimeoutException)
        {
            return $"npm ci of peers/{peer} took too long";
        }
    }

    /// <summary>npm writes its own lock file last, so it is newer than ours exactly when an install of it is complete.</summary>
    private static bool IsInstalled(string folder)
    {
        var installed = new FileInfo(Path.Combine(folder, "node_modules", ".package-lock.json"));
        return installed.Exists && installed.LastWriteTimeUtc >= File.GetLastWriteTimeUtc(Path.Combine(folder, "package-lock.json"));
    }

    private static string Folder(string peer) => Path.Combine(Repository.Root, "AgentGateway.Tests", "peers", peer);

    private static async Task<(int ExitCode, string Output, string Error)> RunAsync(string command, string folder, TimeSpan patience, string[] arguments)
    {
        var start = new ProcessStartInfo(command, arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(patience);
        }
        catch
        {
            process.Kill(entireProcessTree: true);
            throw;
        }

        return (process.ExitCode, await output, await error);
    }
}
