using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>AWS request signing (SigV4). Without keys the environment's credentials are used.</summary>
public sealed record AwsAuth
{
    internal static Shape<AwsAuth> Shape { get; } = Shapes.Object("AwsAuth", "AWS request signing (SigV4). Without keys the environment's credentials are used.", Read);

    /// <summary>Access key id.</summary>
    public string? AccessKeyId { get; init; }

    /// <summary>Secret access key.</summary>
    public Secret? SecretAccessKey { get; init; }

    /// <summary>Region; derived from the target by default.</summary>
    public string? Region { get; init; }

    /// <summary>Session token of temporary keys.</summary>
    public Secret? SessionToken { get; init; }

    /// <summary>Service in the signature; derived from the target by default.</summary>
    public string? ServiceName { get; init; }

    /// <summary>Role to assume, instead of keys.</summary>
    public AwsAssumeRole? AssumeRole { get; init; }

    private static AwsAuth Read(ObjectReader r)
    {
        var v = new AwsAuth
        {
            AccessKeyId = r.Optional("accessKeyId", Shapes.NonEmptyText, "Access key id.", "AKIAEXAMPLE"),
            SecretAccessKey = r.Optional("secretAccessKey", SecretShape.Inline, "Secret access key."),
            Region = r.Optional("region", Shapes.NonEmptyText, "Region; derived from the target by default.", "us-east-1"),
            SessionToken = r.Optional("sessionToken", SecretShape.Inline, "Session token of temporary keys."),
            ServiceName = r.Optional("serviceName", Shapes.NonEmptyText, "Service in the signature; derived from the target by default.", "bedrock"),
            AssumeRole = r.Optional("assumeRole", AwsAssumeRole.Shape, "Role to assume, instead of keys."),
        };
        CheckKeys(r, v);
        return v;
    }

    private static void CheckKeys(ObjectReader r, AwsAuth v)
    {
        if (r.IsSet("accessKeyId") != r.IsSet("secretAccessKey"))
        {
            r.Error(r.IsSet("accessKeyId") ? "accessKeyId" : "secretAccessKey", "accessKeyId and secretAccessKey must be set together");
        }

        if (v.SessionToken is not null && v.AccessKeyId is null)
        {
            r.Error("sessionToken", "sessionToken goes with accessKeyId and secretAccessKey");
        }

        if (v.AssumeRole is not null && v.AccessKeyId is not null)
        {
            r.Error("assumeRole", "assumeRole cannot be set together with accessKeyId; the role is assumed with the environment's credentials");
        }
    }
}
