namespace AgentGateway.Proxy.Backends.Auth.Aws;

/// <summary>Keys that sign requests to AWS.</summary>
/// <param name="AccessKeyId">Public part.</param>
/// <param name="SecretAccessKey">Secret part; never written to logs or errors.</param>
/// <param name="SessionToken">Token of temporary credentials, or null.</param>
/// <param name="ExpiresAt">When temporary credentials end, or null.</param>
internal sealed record AwsCredentials(string AccessKeyId, string SecretAccessKey, string? SessionToken, DateTimeOffset? ExpiresAt = null)
{
    public override string ToString() => AccessKeyId;
}
