using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>An Amazon Bedrock AgentCore runtime.</summary>
/// <param name="Arn">Name of the runtime.</param>
/// <param name="Qualifier">Version or endpoint of the runtime.</param>
internal sealed record AwsBackend(string Arn, string? Qualifier)
{
    private static readonly Shape<AwsBackend> AgentCore = Shapes.Object("AgentCoreBackend", "An Amazon Bedrock AgentCore runtime.", static r => new AwsBackend(
        r.Required("agentRuntimeArn", ValueShapes.AgentRuntimeArn, "ARN of the runtime."),
        r.Optional("qualifier", Shapes.NonEmptyText, "Version or endpoint of the runtime.", "DEFAULT")));

    public static Shape<AwsBackend> Shape { get; } = Shapes.Object("AwsBackend", "A service of AWS.", static r =>
        r.Required("agentCore", AgentCore, "An Amazon Bedrock AgentCore runtime."));
}
