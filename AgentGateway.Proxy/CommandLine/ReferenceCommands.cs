using System.CommandLine;

namespace AgentGateway.Proxy.CommandLine;

/// <summary><c>schema</c> and <c>docs</c>: write what the configuration may hold.</summary>
internal static class ReferenceCommands
{
    public static Command Create(string name, string description, Func<string> write, CommandConsole console)
    {
        var output = new Option<string?>("--output", "-o") { Description = "File to write; standard output by default.", HelpName = "FILE" };
        var command = new Command(name, description);
        command.Options.Add(output);
        GatewayCommand.SetAction(command, console, async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(output) is { } file and not "-")
            {
                await FileOutput.WriteAsync(file, write(), cancellationToken);
            }
            else
            {
                await console.Output.WriteAsync(write());
            }

            return 0;
        });
        return command;
    }
}
