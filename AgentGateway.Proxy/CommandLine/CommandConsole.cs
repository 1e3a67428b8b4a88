namespace AgentGateway.Proxy.CommandLine;

/// <summary>What a command takes from the process that runs it: standard streams and environment. Tests give their own.</summary>
internal sealed record CommandConsole(TextReader Input, TextWriter Output, TextWriter Error)
{
    /// <summary>Reads a variable of the environment.</summary>
    public Func<string, string?> Environment { get; init; } = System.Environment.GetEnvironmentVariable;

    /// <summary>Folder where containers mount the configuration.</summary>
    public string ContainerFolder { get; init; } = "/config";
}
