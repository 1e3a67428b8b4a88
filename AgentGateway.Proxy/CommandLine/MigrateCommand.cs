using System.CommandLine;
using AgentGateway.Configuration.Conversion.Migration;

namespace AgentGateway.Proxy.CommandLine;

/// <summary><c>migrate</c>: moves settings of a file from older places to newer ones.</summary>
internal static class MigrateCommand
{
    public static Command Create(CommandConsole console)
    {
        var file = new Option<string>("--file", "-f") { Description = "Configuration file, rewritten in place.", HelpName = "FILE", Required = true };
        var command = new Command("migrate", "Move config.tracing and the filter and fields of config.logging to frontendPolicies, in place.");
        command.Options.Add(file);
        GatewayCommand.SetAction(command, console, (parsed, cancellationToken) => RunAsync(parsed.GetRequiredValue(file), console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string file, CommandConsole console, CancellationToken cancellationToken)
    {
        var source = new ConfigurationSource(file, null);
        if (source.WatchedFile is null)
        {
            throw new CommandException("migrate rewrites a file; standard input and other streams cannot be rewritten");
        }

        var text = await source.ReadAsync(console.Input, cancellationToken);
        var result = ConfigurationMigration.Migrate(text);
        foreach (var note in result.Notes)
        {
            await console.Error.WriteLineAsync(note.ToString());
        }

        if (result.Text is null)
        {
            throw new CommandException($"{file}: {result.Problem}");
        }

        if (result.Text == text)
        {
            await console.Output.WriteLineAsync($"Nothing to migrate: {file}");
            return 0;
        }

        await FileOutput.WriteAsync(file, result.Text, cancellationToken);
        await console.Output.WriteLineAsync($"Migrated config: {file}");
        return 0;
    }
}
