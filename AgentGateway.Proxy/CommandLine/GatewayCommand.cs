using System.CommandLine;
using AgentGateway.Configuration.Reference;
using AgentGateway.Proxy.Hosting;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>The command line. Without a command it runs the gateway.</summary>
internal static class GatewayCommand
{
    /// <summary>Parses and runs; the result is the exit code of the process: 0, or 1 when the command could not do what was asked.</summary>
    public static Task<int> RunAsync(string[] args, CommandConsole console)
    {
        var source = new SourceOptions();
        var validateOnly = new Option<bool>("--validate-only") { Description = "Check the configuration, print every problem with its place, and exit." };
        var shortVersion = new Option<bool>("-V") { Description = "Print the version and exit." };
        var longVersion = new Option<bool>("--version") { Description = "Print build information as JSON and exit." };

        var root = new RootCommand(
            "AgentGateway: a gateway for AI agents (MCP, LLM, A2A, HTTP) that makes every call visible. Without --file and --config it uses /config/config.yaml "
            + "where that folder is mounted, else ~/.config/agentgateway/config.yaml, and makes the file when it is missing.");
        foreach (var builtIn in root.Options.Where(option => option is VersionOption).ToList())
        {
            root.Options.Remove(builtIn);
        }

        source.AddTo(root);
        root.Options.Add(validateOnly);
        root.Options.Add(shortVersion);
        root.Options.Add(longVersion);
        SetAction(root, console, async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(shortVersion))
            {
                await console.Output.WriteLineAsync(BuildInformation.Version);
                return 0;
            }

            if (parsed.GetValue(longVersion))
            {
                await console.Output.WriteLineAsync(BuildInformation.ToJson());
                return 0;
            }

            return parsed.GetValue(validateOnly)
                ? await ValidateCommand.RunAsync(source.Read(parsed), console, cancellationToken)
                : await ServeCommand.RunAsync(source.Read(parsed), console, cancellationToken);
        });
        root.Subcommands.Add(OneshotCommand.Create(console));
        root.Subcommands.Add(ImportCommand.Create(console));
        root.Subcommands.Add(MigrateCommand.Create(console));
        root.Subcommands.Add(ReferenceCommands.Create("schema", "Write the JSON schema of the configuration, for editors.", ConfigurationReference.Schema, console));
        root.Subcommands.Add(ReferenceCommands.Create("docs", "Write the reference of the configuration as Markdown.", ConfigurationReference.Page, console));

        // A text that starts with @ is a text, no file of further arguments.
        return root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null })
            .InvokeAsync(new InvocationConfiguration { Output = console.Output, Error = console.Error, ProcessTerminationTimeout = null });
    }

    /// <summary>Gives a command its action, whose <see cref="CommandException"/> becomes one line of the error stream and exit code 1.</summary>
    public static void SetAction(Command command, CommandConsole console, Func<ParseResult, CancellationToken, Task<int>> action) =>
        command.SetAction(async (parsed, cancellationToken) =>
        {
            try
            {
                return await action(parsed, cancellationToken);
            }
            catch (CommandException problem)
            {
                await console.Error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
}
