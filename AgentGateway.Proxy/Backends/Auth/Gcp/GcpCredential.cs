using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using TokenCache = AgentGateway.Proxy.Backends.Auth.Tokens.TokenCache;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>
/// A Google Cloud token (<c>gcp</c>): of the configured credential, or of the one the environment offers. Google's own library cannot be used: its
/// JSON works by reflection, which native compilation refuses.
/// </summary>
internal sealed class GcpCredential : IBackendCredential
{
    private const string QuotaProjectHeader = "x-goog-user-project";

    // One for each audience; without a configured one there are as many as hosts.
    private const int Capacity = 256;

    private readonly IGcpTokens _tokens;
    private readonly bool _identity;
    private readonly string? _audience;
    private readonly TokenCache _cache;
    private readonly Func<CancellationToken, Task<FetchedToken>> _fetchFixed;

    /// <param name="settings">Kind of token, audience and credential.</param>
    /// <param name="services">Clock and connections.</param>
    /// <param name="variable">Reads a variable of the environment.</param>
    /// <exception cref="FormatException">The credential is none that can be used.</exception>
    public GcpCredential(GcpAuth settings, GatewayServices services, Func<string, string?> variable)
    {
        var calls = new GcpCalls(services);
        try
        {
            _tokens = settings.Credential is { } credential
                ? GcpCredentialFile.Read(credential.Reveal(), calls)
                : new ApplicationDefaultCredentials(variable, calls);
        }
        catch (FormatException error)
        {
            throw new PolicyValueException("credential", error.Message, cause: error);
        }

        _identity = settings.Type == GcpTokenType.IdToken;
        _audience = settings.Audience;
        _cache = new TokenCache(Capacity, services.Time);
        _fetchFixed = stopped => FetchAsync(_identity ? _audience : null, stopped);
    }

    public async ValueTask ApplyAsync(RequestContext context, UpstreamRequest attempt)
    {
        var value = await (_identity && _audience is null
            ? GetForHostAsync(attempt.Host, context.Aborted)
            : _cache.GetAsync("", _fetchFixed, context.Aborted));
        var end = value.IndexOf('\n', StringComparison.Ordinal);
        if (end >= 0)
        {
            attempt.Headers[QuotaProjectHeader] = value[(end + 1)..];
            value = value[..end];
        }

        attempt.Target = RequestCredentials.Attach(attempt.Headers, attempt.Target, CredentialPlace.Bearer, value);
    }

    // Cloud Run and what is like it takes its own address as audience, which is always one of https.
    private ValueTask<string> GetForHostAsync(string host, CancellationToken cancellationToken)
    {
        var audience = "https://" + (host.EndsWith(":443", StringComparison.Ordinal) ? host[..^4] : host);
        return _cache.GetAsync(audience, stopped => FetchAsync(audience, stopped), cancellationToken);
    }

    private async Task<FetchedToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        var (token, project) = await _tokens.FetchAsync(audience, cancellationToken);
        return project is null ? token : token with { Token = $"{token.Token}\n{project}" };
    }
}
