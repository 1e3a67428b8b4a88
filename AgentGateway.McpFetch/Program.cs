using AgentGateway.McpFetch.Hosting;
using Microsoft.Extensions.Options;

if (!CommandLine.TryParse(args, out var commandLine, out var error))
{
    await Console.Error.WriteLineAsync(error);
    return 2;
}

if (commandLine.Help || commandLine.Version)
{
    await Console.Out.WriteLineAsync(commandLine.Help ? CommandLine.Usage : McpFetchHost.Version);
    return 0;
}

try
{
    if (commandLine.Stdio)
    {
        // The transport opens the stream itself; whatever else writes to the console must not reach the client.
        Console.SetOut(Console.Error);
        using var host = McpFetchHost.BuildStdio(commandLine);
        await host.RunAsync();
    }
    else
    {
        await using var app = McpFetchHost.BuildHttp(commandLine);
        await app.RunAsync();
    }

    return 0;
}
catch (OptionsValidationException e)
{
    foreach (var failure in e.Failures)
        await Console.Error.WriteLineAsync($"Configuration: {failure}");
    return 1;
}
catch (IOException e)
{
    await Console.Error.WriteLineAsync($"Could not listen: {e.Message}"); // Kestrel: the address is in use
    return 1;
}
