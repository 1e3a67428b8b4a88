namespace AgentGateway.Proxy.CommandLine;

/// <summary>Standard streams of a command, so that tests need no process.</summary>
internal sealed record CommandConsole(TextReader Input, TextWriter Output, TextWriter Error);
