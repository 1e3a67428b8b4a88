using System.CommandLine;

namespace AgentGateway.Proxy.CommandLine;

/// <summary>The options that name the configuration, shared by the commands that run it.</summary>
internal sealed class SourceOptions
{
    private readonly Option<string?> _file = new("--file", "-f") { Description = "Configuration file, YAML or JSON; - reads standard input. Watched for changes.", HelpName = "FILE" };
    private readonly Option<string?> _inline = new("--config", "-c") { Description = "Configuration as text, YAML or JSON.", HelpName = "STRING" };

    public void AddTo(Command command)
    {
        command.Options.Add(_file);
        command.Options.Add(_inline);
    }

    /// <exception cref="CommandException">Both were given.</exception>
    public ConfigurationSource Read(ParseResult parsed)
    {
        var source = new ConfigurationSource(parsed.GetValue(_file), parsed.GetValue(_inline));
        return source is { File: not null, Inline: not null } ? throw new CommandException("only one of --config or --file") : source;
    }
}
