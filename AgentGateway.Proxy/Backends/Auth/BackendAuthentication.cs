using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Azure;
using AgentGateway.Proxy.Backends.Auth.Gcp;
using AgentGateway.Proxy.Backends.Forwarding;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Backends.Auth;

/// <summary>
/// Policy <c>backendAuth</c> (specification config-mcp 3.3), for each attempt: at most one kind, beside fixed credentials. Requests are signed
/// for AWS by <see cref="AwsSigning"/>, after all other changes.
/// </summary>
internal sealed class BackendAuthentication(IBackendCredential[] credentials) : IBackendPolicy
{
    /// <summary>Makes the handler; null when the settings only ask for AWS signatures.</summary>
    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public static BackendAuthentication? Create(BackendAuth policy, PolicyScope scope)
    {
        if (Unsupported(policy) is { } kind)
        {
            throw new NotSupportedException($"backendAuth: {kind} is not supported");
        }

        var credentials = new List<IBackendCredential>();
        for (var i = 0; i < policy.Credentials.Length; i++)
        {
            credentials.Add(Fixed(policy.Credentials[i].Location, policy.Credentials[i].Key, "key", policy.Key is null ? i : i + 1));
        }

        if (policy.Key is { } key)
        {
            credentials.Add(Fixed(key.Location, key.Value, "key", 0));
        }

        if (policy.Passthrough is { } passthrough)
        {
            credentials.Add(new PassthroughCredential(CredentialPlace.ForWriting(passthrough.Location)));
        }

        if (policy.JwtSign is { } sign)
        {
            credentials.Add(new SignedTokenCredential(sign, scope.Services.Time));
        }

        if (policy.Gcp is { } gcp)
        {
            credentials.Add(new GcpCredential(gcp, scope.Services, Environment.GetEnvironmentVariable));
        }

        if (policy.Azure is { } azure)
        {
            credentials.Add(new AzureCredential(azure, scope.Services.Time, Environment.GetEnvironmentVariable));
        }

        if (policy.OAuthTokenExchange is { } exchange)
        {
            credentials.Add(new ExchangedTokenCredential(exchange, scope.Services));
        }

        return credentials.Count == 0 ? null : new BackendAuthentication([.. credentials]);
    }

    public bool ReadsRequestBody => Array.Exists(credentials, static credential => credential.ReadsRequestBody);

    public async ValueTask<GatewayReply?> ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        try
        {
            // What is put in is a secret of the gateway: it must not show up in the client's own headers, which logs and expressions read.
            attempt.Headers = UpstreamRequests.CopyOf(attempt.Headers);
            foreach (var credential in credentials)
            {
                await credential.ApplyAsync(context, attempt);
            }

            return null;
        }
        catch (BackendAuthException error)
        {
            return Failure(error);
        }
    }

    internal static GatewayReply Failure(BackendAuthException error) =>
        GatewayReply.Failure(500, ResponseReason.Internal, "backend authentication failed: " + error.Message);

    // A line break in a header would fail every request, and the log would not say which secret it came from.
    private static FixedCredential Fixed(AuthorizationLocation? location, Secret key, string name, int occurrence)
    {
        var place = CredentialPlace.ForWriting(location);
        var text = key.Reveal();
        return place.QueryParameter is not null || ExpressionText.IsHeaderSafe(text)
            ? new FixedCredential(place, text)
            : throw new PolicyValueException(name, "the key holds a line break or another control character, which no header can hold; remove it (a YAML block after `|` ends with a line break, one after `|-` does not)", occurrence);
    }

    private static string? Unsupported(BackendAuth policy) =>
        policy.Copilot ? "copilot"
        : policy.CrossAppAccess is not null ? "crossAppAccess"
        : null;
}
