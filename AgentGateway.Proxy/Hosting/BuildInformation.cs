using System.Reflection;
using System.Runtime.InteropServices;

namespace AgentGateway.Proxy.Hosting;

/// <summary>What this program was built from.</summary>
internal static class BuildInformation
{
    // "1.2.3+<git revision>", written by the SDK's source control support.
    private static readonly string[] Informational =
        (typeof(BuildInformation).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0").Split('+', 2);

    /// <summary>Semantic version.</summary>
    public static string Version => Informational[0];

    /// <summary>Git revision, or <c>unknown</c> when built outside a checkout.</summary>
    public static string Revision => Informational.Length > 1 ? Informational[1] : "unknown";

    /// <summary>Runtime and its version.</summary>
    public static string Runtime => RuntimeInformation.FrameworkDescription;

    /// <summary>All of it as one JSON object.</summary>
    public static string ToJson() =>
        $$"""{"version":"{{Version}}","gitRevision":"{{Revision}}","runtime":"{{Runtime}}","target":"{{RuntimeInformation.RuntimeIdentifier}}"}""";
}
