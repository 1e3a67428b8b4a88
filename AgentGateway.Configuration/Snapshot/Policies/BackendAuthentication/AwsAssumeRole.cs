using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>A role to assume.</summary>
public sealed record AwsAssumeRole
{
    internal static Shape<AwsAssumeRole> Shape { get; } = Shapes.Object("AwsAssumeRole", "A role to assume.", Read);

    /// <summary>The role.</summary>
    public required string RoleArn { get; init; }

    /// <summary>Name of the session; text or <c>{expression}</c>.</summary>
    public AwsSessionName? SessionName { get; init; }

    /// <summary>Session tags.</summary>
    public EquatableArray<AwsSessionTag> Tags { get; init; } = [];

    private static AwsAssumeRole Read(ObjectReader r) => new()
    {
        RoleArn = r.Required("roleArn", Shapes.NonEmptyText, "The role.", "arn:aws:iam::123456789012:role/gateway"),
        SessionName = r.Optional("sessionName", AwsSessionName.Shape, "Name of the session; text or `{expression}`.", "gateway"),
        Tags = r.List("tags", AwsSessionTag.Shape, "Session tags."),
    };
}
