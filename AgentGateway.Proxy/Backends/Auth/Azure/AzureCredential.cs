using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Identity;
using TokenCache = AgentGateway.Proxy.Backends.Auth.Tokens.TokenCache;

namespace AgentGateway.Proxy.Backends.Auth.Azure;

/// <summary>A token of Microsoft Entra ID for Azure's AI services (<c>azure</c>), which Azure's own library gets.</summary>
internal sealed class AzureCredential : IBackendCredential
{
    private const int Capacity = 4;

    // The library repeats calls that failed; one request waits no longer than this for all of it.
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(20);

    // The library renews a token from this long before its end; until then the one at hand is used.
    private static readonly TimeSpan Margin = TimeSpan.FromMinutes(5);

    private readonly TokenCredential _credential;
    private readonly TimeProvider _time;
    private readonly TokenCache _cache;

    /// <param name="settings">Which credential.</param>
    /// <param name="time">Clock.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <param name="transport">Network of the library; null for its own.</param>
    /// <exception cref="FormatException">The settings cannot be used.</exception>
    public AzureCredential(AzureAuth settings, TimeProvider time, Func<string, string?> variable, HttpPipelineTransport? transport = null)
    {
        _time = time;
        _cache = new TokenCache(Capacity, time);
        try
        {
            _credential = AzureCredentials.Create(settings, variable, transport);
        }
        catch (ArgumentException error)
        {
            throw new FormatException("azure: " + AzureCredentials.FirstLine(error.Message));
        }
    }

    public async ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        var scope = ScopeFor(attempt.Host);
        var token = await _cache.GetAsync(scope, stopped => FetchAsync(scope, stopped), context.Aborted);
        attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, CredentialPlace.Bearer, token);
    }

    // The national clouds have services, and so scopes, of their own.
    private static string ScopeFor(string host) =>
        IsBelow(host, ".azure.us") ? "https://cognitiveservices.azure.us/.default"
        : IsBelow(host, ".azure.cn") ? "https://cognitiveservices.azure.cn/.default"
        : "https://cognitiveservices.azure.com/.default";

    private static bool IsBelow(string host, string domain)
    {
        var colon = host.LastIndexOf(':');
        return (colon < 0 ? host.AsSpan() : host.AsSpan(0, colon)).EndsWith(domain, StringComparison.OrdinalIgnoreCase);
    }

    private async Task<FetchedToken> FetchAsync(string scope, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(Timeout, _time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
        try
        {
            var token = await _credential.GetTokenAsync(new TokenRequestContext([scope]), either.Token);
            return new FetchedToken(token.Token, token.RefreshOn ?? token.ExpiresOn - Margin);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new BackendAuthException($"Azure gave no token within {Timeout.TotalSeconds:0} s");
        }
        catch (CredentialUnavailableException error)
        {
            throw new BackendAuthException("no Azure credential: " + AzureCredentials.FirstLine(error.Message), error);
        }
        catch (AuthenticationFailedException error)
        {
            throw new BackendAuthException("Azure refused the credential" + AzureCredentials.CodeOf(error), error);
        }
    }
}
