namespace AgentGateway.Proxy.CommandLine;

/// <summary>The command cannot do what was asked; the message says why and is all that the user sees.</summary>
internal sealed class CommandException(string message) : Exception(message);
