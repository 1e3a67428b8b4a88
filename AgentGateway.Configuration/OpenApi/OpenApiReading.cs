using AgentGateway.Configuration.Loading;

namespace AgentGateway.Configuration.OpenApi;

/// <summary>What came of reading an OpenAPI document. Places are those in the document.</summary>
/// <param name="Tools">Its tools; null when there are errors.</param>
/// <param name="Errors">What is wrong, all of it up to a bound.</param>
/// <param name="Warnings">What was left out.</param>
public sealed record OpenApiReading(OpenApiToolSet? Tools, IReadOnlyList<ConfigurationProblem> Errors, IReadOnlyList<ConfigurationProblem> Warnings);
