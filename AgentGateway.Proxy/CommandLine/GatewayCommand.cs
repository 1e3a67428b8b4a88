using System.CommandLine;
using AgentGateway.Proxy.Hosting;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>The command line: <c>-f</c>, <c>-c</c>, <c>--validate-only</c>, <c>-V</c>, <c>--version</c>.</summary>
internal static class GatewayCommand
{
    /// <summary>Parses and runs; the result is the exit code of the process.</summary>
    public static Task<int> RunAsync(string[] args, TextReader input, TextWriter output, TextWriter error)
    {
        var file = new Option<string?>("--file", "-f") { Description = "Configuration file, YAML or JSON; - reads standard input. Watched for changes.", HelpName = "FILE" };
        var inline = new Option<string?>("--config", "-c") { Description = "Configuration as text, YAML or JSON.", HelpName = "STRING" };
        var validateOnly = new Option<bool>("--validate-only") { Description = "Check the configuration, print every problem with its place, and exit." };
        var shortVersion = new Option<bool>("-V") { Description = "Print the version and exit." };
        var longVersion = new Option<bool>("--version") { Description = "Print build information as JSON and exit." };

        var root = new RootCommand("AgentGateway: a gateway for AI agents (MCP, LLM, A2A, HTTP) that makes every call visible.");
        foreach (var builtIn in root.Options.Where(option => option is VersionOption).ToList())
        {
            root.Options.Remove(builtIn);
        }

        root.Options.Add(file);
        root.Options.Add(inline);
        root.Options.Add(validateOnly);
        root.Options.Add(shortVersion);
        root.Options.Add(longVersion);
        root.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(shortVersion))
            {
                await output.WriteLineAsync(BuildInformation.Version);
                return 0;
            }

            if (parsed.GetValue(longVersion))
            {
                await output.WriteLineAsync(BuildInformation.ToJson());
                return 0;
            }

            var source = new ConfigurationSource(parsed.GetValue(file), parsed.GetValue(inline));
            var console = new CommandConsole(input, output, error);
            try
            {
                return parsed.GetValue(validateOnly)
                    ? await ValidateCommand.RunAsync(source, console, cancellationToken)
                    : await ServeCommand.RunAsync(source, console, cancellationToken);
            }
            catch (CommandException problem)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
        return root.Parse(args).InvokeAsync(new InvocationConfiguration { Output = output, Error = error, ProcessTerminationTimeout = null });
    }
}
