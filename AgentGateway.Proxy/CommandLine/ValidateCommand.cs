using AgentGateway.Configuration.Loading;

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

        var text = await source.ReadAsync(console.Input, cancellationToken);
        var result = ConfigurationLoader.Load(text, source.Name, LoadOptions.ForProcess(forRuntime: false) with { Environment = console.Environment });
        await ProblemReport.WriteAsync(result, source.Name, console.Error);
        if (!result.IsValid)
        {
            return 1;
        }

        await console.Output.WriteLineAsync("Configuration is valid!");
        return 0;
    }
}
