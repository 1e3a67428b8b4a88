namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A role to assume.</summary>
public sealed record AwsAssumeRole
{
    /// <summary>The role.</summary>
    public required string RoleArn { get; init; }

    /// <summary>Name of the session; text or <c>{expression}</c>.</summary>
    public AwsSessionName? SessionName { get; init; }

    /// <summary>Session tags.</summary>
    public EquatableArray<AwsSessionTag> Tags { get; init; } = [];
}
