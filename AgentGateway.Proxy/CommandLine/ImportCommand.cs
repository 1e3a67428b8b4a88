using System.CommandLine;
using AgentGateway.Configuration.Conversion;
using AgentGateway.Configuration.Conversion.LiteLlm;

namespace AgentGateway.Proxy.CommandLine;

/// <summary><c>import</c>: converts the configuration of another gateway into one of ours.</summary>
internal static class ImportCommand
{
    public static Command Create(CommandConsole console)
    {
        var from = new Option<string>("--from") { Description = "What wrote the file: litellm.", HelpName = "SOURCE", Required = true };
        var file = new Option<string>("--file", "-f") { Description = "File to convert; - reads standard input.", HelpName = "FILE", Required = true };
        var output = new Option<string?>("--output", "-o") { Description = "File to write; standard output by default.", HelpName = "FILE" };
        var command = new Command("import", "Convert the configuration of another gateway. What cannot be carried over is named on the error stream and in comments.");
        command.Options.Add(from);
        command.Options.Add(file);
        command.Options.Add(output);
        GatewayCommand.SetAction(command, console, (parsed, cancellationToken) =>
            RunAsync(parsed.GetRequiredValue(from), parsed.GetRequiredValue(file), parsed.GetValue(output), console, cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(string from, string file, string? output, CommandConsole console, CancellationToken cancellationToken)
    {
        if (!string.Equals(from, "litellm", StringComparison.OrdinalIgnoreCase))
        {
            throw new CommandException($"unknown source `{from}`: --from takes litellm");
        }

        var result = LiteLlmImport.Convert(await new ConfigurationSource(file, null).ReadAsync(console.Input, cancellationToken));
        if (result.Text is null)
        {
            throw new CommandException($"{file}: {result.Problem}");
        }

        foreach (var note in result.Notes)
        {
            await console.Error.WriteLineAsync(note.ToString());
        }

        if (output is null or "-")
        {
            await console.Output.WriteAsync(result.Text);
            return 0;
        }

        await FileOutput.WriteAsync(output, result.Text, cancellationToken);
        var open = result.Notes.Count(static note => note.Fidelity is ConversionFidelity.Manual or ConversionFidelity.Unsupported);
        await console.Output.WriteLineAsync($"Imported litellm config: {output}{(open == 0 ? "" : $" ({open} settings are not carried over; see its first lines)")}");
        return 0;
    }
}
