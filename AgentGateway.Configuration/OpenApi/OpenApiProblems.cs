using AgentGateway.Configuration.Documents;
using AgentGateway.Configuration.Loading;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>Problems of one document, up to a bound.</summary>
internal sealed class OpenApiProblems
{
    private int _omittedErrors;
    private int _omittedWarnings;

    public List<ConfigurationProblem> Errors { get; } = [];

    public List<ConfigurationProblem> Warnings { get; } = [];

    public void Error(ConfigPath path, SourcePosition position, string message) => Add(Errors, ref _omittedErrors, path, position, message);

    public void Warning(ConfigPath path, SourcePosition position, string message) => Add(Warnings, ref _omittedWarnings, path, position, message);

    public OpenApiReading Result(OpenApiToolSet? tools) => new(Errors.Count == 0 ? tools : null, Closed(Errors, _omittedErrors), Closed(Warnings, _omittedWarnings));

    private static void Add(List<ConfigurationProblem> to, ref int omitted, ConfigPath path, SourcePosition position, string message)
    {
        if (to.Count == OpenApiLimits.Problems)
        {
            omitted++;
            return;
        }

        to.Add(new ConfigurationProblem(path.ToString(), position, message));
    }

    private static List<ConfigurationProblem> Closed(List<ConfigurationProblem> problems, int omitted) =>
        omitted == 0 ? problems : [.. problems, new ConfigurationProblem("", SourcePosition.Start, $"and {omitted} more of this document")];
}
