namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>AWS request signing (SigV4). Without keys the environment's credentials are used.</summary>
public sealed record AwsAuth
{
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
}
