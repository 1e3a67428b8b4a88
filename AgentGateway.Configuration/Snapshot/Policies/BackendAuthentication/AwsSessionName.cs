namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Name of an AWS session. One of the two is set.</summary>
/// <param name="Text">Fixed name.</param>
/// <param name="Expression">Expression that gives it.</param>
public sealed record AwsSessionName(string? Text, Expression? Expression);
