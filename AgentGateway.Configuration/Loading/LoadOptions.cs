using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Loading;

/// <summary>What loading needs from outside, so that a load depends on nothing else.</summary>
public sealed record LoadOptions
{
    /// <summary>Looks up an environment variable; null when it is not set.</summary>
    public required Func<string, string?> Environment { get; init; }

    /// <summary>Reads referenced files; relative paths are resolved against the process's working directory.</summary>
    public required IConfigurationFiles Files { get; init; }

    /// <summary>
    /// True when the result is to be run: a key on which the gateway cannot act yet is an error. False for <c>--validate-only</c>: such a key is a warning.
    /// </summary>
    public bool ForRuntime { get; init; } = true;

    /// <summary>
    /// Tries out a policy: finds what only shows when it is made ready to act, such as keys that do not parse and secrets that are missing. Returns null
    /// when it can act. Null leaves it untried.
    /// </summary>
    public Func<PolicySnapshot, PolicyProblem?>? TryPolicy { get; init; }

    /// <summary>The process's environment and files.</summary>
    public static LoadOptions ForProcess(bool forRuntime) => new()
    {
        Environment = System.Environment.GetEnvironmentVariable,
        Files = new ProcessFiles(),
        ForRuntime = forRuntime,
    };

    /// <summary>No environment and no files: for describing the model.</summary>
    internal static LoadOptions ForDescription { get; } = new() { Environment = static _ => null, Files = new NoFiles() };
}
