using System.Buffers;
using System.IO.Pipelines;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Aws;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Requests;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>
/// Kind <c>aws</c> of <c>backendAuth</c>: Signature Version 4 over the attempt as it will be sent, the body included, so the body is held in
/// memory up to a bound.
/// </summary>
internal sealed class AwsSigning(IAwsCredentialSource credentials, string? region, string? service, TimeProvider time) : IBackendPolicy
{
    /// <summary>Largest body that is signed.</summary>
    public const int MaxBodyLength = 16 * 1024 * 1024;

    /// <summary>Makes the handler; null for other kinds.</summary>
    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public static AwsSigning? Create(BackendAuth policy, PolicyScope scope)
    {
        if (policy.Aws is not { } aws)
        {
            return null;
        }

        IAwsCredentialSource source = aws.AccessKeyId is { } id
            ? new FixedAwsCredentials(new AwsCredentials(id, aws.SecretAccessKey!.Reveal(), aws.SessionToken?.Reveal()))
            : new EnvironmentAwsCredentials(Environment.GetEnvironmentVariable);
        var region = aws.Region ?? Environment.GetEnvironmentVariable("AWS_REGION") ?? Environment.GetEnvironmentVariable("AWS_DEFAULT_REGION");
        if (aws.AssumeRole is { } role)
        {
            // The region of the service that gives the keys; its first one where none is set, as AWS's own tools do.
            source = new AssumedRoleCredentials(role, source, region ?? "us-east-1", Environment.GetEnvironmentVariable("AWS_ENDPOINT_URL_STS"), scope.Services);
        }

        return new AwsSigning(source, region, aws.ServiceName, scope.Services.Time);
    }

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        try
        {
            var keys = await credentials.GetAsync(context, context.Aborted);
            var (hostService, hostRegion) = AwsServiceNames.FromHost(attempt.Host);
            var signedService = service ?? hostService ?? throw new BackendAuthException("the AWS service is not known; set aws.serviceName");
            var signedRegion = region ?? hostRegion ?? throw new BackendAuthException("the AWS region is not known; set aws.region");
            var hash = await HashBodyAsync(attempt, context.Aborted);
            attempt.Headers = UpstreamRequests.CopyOf(attempt.Headers);
            SigV4Signer.Sign(attempt.Method, attempt.Host, attempt.Target, attempt.Headers, hash, keys, signedRegion, signedService, time.GetUtcNow());
            return null;
        }
        catch (BackendAuthException error)
        {
            return BackendAuthentication.Failure(error);
        }
    }

    private static async ValueTask<string> HashBodyAsync(UpstreamRequest attempt, CancellationToken cancellationToken)
    {
        if (attempt.Body is not { } reader)
        {
            return SigV4Signer.EmptyBodyHash;
        }

        attempt.BodyStarted = true;
        while (true)
        {
            var read = await reader.ReadAsync(cancellationToken);
            if (read.Buffer.Length > MaxBodyLength)
            {
                reader.AdvanceTo(read.Buffer.Start);
                throw new BackendAuthException($"a body over {MaxBodyLength} bytes cannot be signed");
            }

            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                attempt.Body = PipeReader.Create(new ReadOnlySequence<byte>(body));
                attempt.ContentLength = body.Length;
                attempt.Trailers = null;
                return SigV4Signer.HashOf(body);
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }
}
