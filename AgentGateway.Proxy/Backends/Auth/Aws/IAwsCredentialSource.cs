using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth.Aws;

/// <summary>Where AWS keys come from.</summary>
internal interface IAwsCredentialSource
{
    /// <summary>The keys now.</summary>
    /// <exception cref="BackendAuthException">There are none.</exception>
    ValueTask<AwsCredentials> GetAsync(RequestContext context, CancellationToken cancellationToken);
}

/// <summary>Keys of the configuration.</summary>
internal sealed class FixedAwsCredentials(AwsCredentials credentials) : IAwsCredentialSource
{
    public ValueTask<AwsCredentials> GetAsync(RequestContext context, CancellationToken cancellationToken) => new(credentials);
}

/// <summary>Keys of the environment variables that all AWS tools share.</summary>
/// <param name="variable">Reads a variable.</param>
internal sealed class EnvironmentAwsCredentials(Func<string, string?> variable) : IAwsCredentialSource
{
    public ValueTask<AwsCredentials> GetAsync(RequestContext context, CancellationToken cancellationToken) => new(
        variable("AWS_ACCESS_KEY_ID") is { Length: > 0 } id && variable("AWS_SECRET_ACCESS_KEY") is { Length: > 0 } secret
            ? new AwsCredentials(id, secret, variable("AWS_SESSION_TOKEN") is { Length: > 0 } token ? token : null)
            : throw new BackendAuthException("no AWS credentials: set them in the configuration or in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"));
}
