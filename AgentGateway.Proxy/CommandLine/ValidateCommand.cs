using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.CommandLine;

/// <summary><c>--validate-only</c>: checks a configuration and prints every problem with its place.</summary>
internal static class ValidateCommand
{
    public static async Task<int> RunAsync(ConfigurationSource source, CommandConsole console, CancellationToken cancellationToken)
    {
        if (source.IsEmpty)
        {
            await console.Output.WriteLineAsync("No local configuration");
            return 0;
        }

        await using var trial = new PolicyTrial(console.Environment);
        var (result, _) = await source.LoadAsync(console.Input, trial.Options(console, forRuntime: false), cancellationToken);
        await ProblemReport.WriteAsync(result, source.Name, console.Error);
        if (result is not { Snapshot: { } snapshot, Settings: { } settings })
        {
            return 1;
        }

        // What is not acted on yet was named, and cannot be compiled.
        if (result.IsSupported && await RuntimeTrial.FindProblemAsync(snapshot, settings) is { } problem)
        {
            await console.Error.WriteLineAsync($"{source.Name}: error: {problem}");
            return 1;
        }

        await console.Output.WriteLineAsync("Configuration is valid!");
        return 0;
    }
}
