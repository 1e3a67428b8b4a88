using System.CommandLine;
using System.ComponentModel;
using System.Diagnostics;
using AgentGateway.Proxy.Mcp.Upstreams;

namespace AgentGateway.Proxy.CommandLine;

/// <summary><c>oneshot</c>: runs the gateway for as long as another program runs, and exits as that one did.</summary>
internal static class OneshotCommand
{
    // How long the program may take to end after the gateway was asked to stop.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    public static Command Create(CommandConsole console)
    {
        var source = new SourceOptions();
        var output = new Option<string?>("--output") { Description = "File that the gateway's own log is appended to; /dev/null silences it. Standard output by default.", HelpName = "FILE" };
        var program = new Argument<string[]>("CMD") { Description = "Program and its arguments, after --.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("oneshot", "Run the gateway, run a program once the gateway is ready, and exit as the program does.");
        source.AddTo(command);
        command.Options.Add(output);
        command.Arguments.Add(program);
        GatewayCommand.SetAction(command, console, (parsed, cancellationToken) => ServeCommand.RunAsync(
            source.Read(parsed), console, OpenLog(parsed.GetValue(output)), stopRequested => RunAsync(parsed.GetRequiredValue(program), stopRequested), cancellationToken));
        return command;
    }

    private static Stream OpenLog(string? file)
    {
        try
        {
            return file is null ? Console.OpenStandardOutput() : new FileStream(file, FileMode.Append, FileAccess.Write, FileShare.ReadWrite);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"cannot write to the output file {file}: {error.Message}");
        }
    }

    private static async Task<int> RunAsync(string[] words, Task stopRequested)
    {
        using var child = Start(words);
        var ended = child.WaitForExitAsync(CancellationToken.None);
        if (await Task.WhenAny(ended, stopRequested) != ended)
        {
            ProcessGroup.Signal(child, ProcessGroup.Terminate);
            if (await Task.WhenAny(ended, Task.Delay(Patience, TimeProvider.System)) != ended)
            {
                ProcessGroup.Signal(child, ProcessGroup.Kill);
            }

            await ended;
        }

        return child.ExitCode;
    }

    // Its standard streams are those of this process.
    private static Process Start(string[] words)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(words[0], words.AsSpan(1).ToArray()) { UseShellExecute = false })
                ?? throw new CommandException($"cannot start {words[0]}");
        }
        catch (Win32Exception error)
        {
            throw new CommandException($"cannot start {words[0]}: {new Win32Exception(error.NativeErrorCode).Message}");
        }
    }
}
