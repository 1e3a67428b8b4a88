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

    private const int MostTags = 50;

    private static AwsAssumeRole Read(ObjectReader r)
    {
        var v = new AwsAssumeRole
        {
            RoleArn = r.Required("roleArn", Shapes.NonEmptyText, "The role.", "arn:aws:iam::123456789012:role/gateway"),
            SessionName = r.Optional("sessionName", AwsSessionName.Shape, "Name of the session; text or `{expression}`.", "gateway"),
            Tags = r.List("tags", AwsSessionTag.Shape, "Session tags."),
        };
        if (v.Tags.Length > MostTags)
        {
            r.Error("tags", $"at most {MostTags} session tags are allowed, got {v.Tags.Length}");
        }

        var keys = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < v.Tags.Length; i++)
        {
            if (v.Tags[i].Key.Length > 0 && !keys.Add(v.Tags[i].Key))
            {
                r.ErrorAt("tags", i, $"duplicate session tag key `{Quoting.Shorten(v.Tags[i].Key)}`; keep one of the two");
            }
        }

        return v;
    }
}
