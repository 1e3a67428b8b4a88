using System.Text;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Documents;
using AgentGateway.Proxy.Policies.JwtAuth;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;

namespace AgentGateway.Proxy.Policies.Oidc;

/// <summary>Endpoints and keys of the identity provider: those of the configuration, else those that its discovery document names.</summary>
internal sealed class OidcProvider : IKeySource
{
    private readonly OidcPolicy _policy;
    private readonly GatewayServices _services;
    private readonly RemoteDocument<OpenIdConnectConfiguration>? _discovery;
    private readonly OpenIdConnectConfiguration? _fixed;
    private readonly IKeySource? _keys;
    private volatile DiscoveredKeys? _discovered;

    /// <exception cref="FormatException">A document of the configuration cannot be used.</exception>
    public OidcProvider(OidcPolicy policy, GatewayServices services)
    {
        _policy = policy;
        _services = services;
        if (policy.Discovery is { Url: null } inline)
        {
            try
            {
                _fixed = Parse(Encoding.UTF8.GetBytes(inline.Text ?? ""));
            }
            catch (FormatException error)
            {
                throw new PolicyValueException("discovery", error.Message, cause: error);
            }
        }
        else if (policy.AuthorizationEndpoint is null || policy.TokenEndpoint is null || policy.Jwks is null)
        {
            var address = policy.Discovery?.Url ?? policy.Issuer.TrimEnd('/') + "/.well-known/openid-configuration";
            _discovery = services.Documents.Get(new Uri(address), Parse, variant: policy.Issuer);
        }

        _keys = policy.Jwks is { } keys ? JwtVerifierFactory.KeysFrom(keys, services) : null;
    }

    public async ValueTask<string> AuthorizationEndpointAsync(CancellationToken cancellationToken) =>
        _policy.AuthorizationEndpoint ?? Require((await DiscoverAsync(cancellationToken)).AuthorizationEndpoint, "authorization_endpoint");

    public async ValueTask<string> TokenEndpointAsync(CancellationToken cancellationToken) =>
        _policy.TokenEndpoint ?? Require((await DiscoverAsync(cancellationToken)).TokenEndpoint, "token_endpoint");

    /// <summary>How the client proves itself at the token endpoint; by Basic authentication unless the provider only takes the other way.</summary>
    public async ValueTask<TokenEndpointAuth> TokenEndpointAuthAsync(CancellationToken cancellationToken)
    {
        if (_policy.TokenEndpointAuth is { } told)
        {
            return told;
        }

        if (_discovery is null && _fixed is null)
        {
            return TokenEndpointAuth.ClientSecretBasic;
        }

        var methods = (await DiscoverAsync(cancellationToken)).TokenEndpointAuthMethodsSupported;
        return methods.Count > 0 && !methods.Contains("client_secret_basic") && methods.Contains("client_secret_post")
            ? TokenEndpointAuth.ClientSecretPost
            : TokenEndpointAuth.ClientSecretBasic;
    }

    public ValueTask<JsonWebKeys> GetAsync(CancellationToken cancellationToken) =>
        _keys is not null ? _keys.GetAsync(cancellationToken)
        : _discovered is { } known ? known.Document.GetAsync(cancellationToken)
        : GetDiscoveredAsync(newer: false, cancellationToken);

    public ValueTask<JsonWebKeys> GetNewerAsync(CancellationToken cancellationToken) =>
        _keys is not null ? _keys.GetNewerAsync(cancellationToken) : GetDiscoveredAsync(newer: true, cancellationToken);

    private async ValueTask<JsonWebKeys> GetDiscoveredAsync(bool newer, CancellationToken cancellationToken)
    {
        var address = Require((await DiscoverAsync(cancellationToken)).JwksUri, "jwks_uri");
        if (_discovered is not { } known || known.Address != address)
        {
            _discovered = known = new DiscoveredKeys(address, _services.Documents.Get(new Uri(address), JsonWebKeys.Parse, required: false));
        }

        return newer ? await known.Document.GetNewerAsync(cancellationToken) : await known.Document.GetAsync(cancellationToken);
    }

    private ValueTask<OpenIdConnectConfiguration> DiscoverAsync(CancellationToken cancellationToken) =>
        _fixed is not null ? new(_fixed) : _discovery!.GetAsync(cancellationToken);

    private OpenIdConnectConfiguration Parse(ReadOnlyMemory<byte> body)
    {
        OpenIdConnectConfiguration configuration;
        try
        {
            configuration = OpenIdConnectConfiguration.Create(Encoding.UTF8.GetString(body.Span));
        }
        catch (ArgumentException)
        {
            throw new FormatException("the discovery document is no OpenID provider configuration");
        }

        // OpenID Connect Discovery 4.3: the document must be that of the issuer that was asked for.
        return configuration.Issuer == _policy.Issuer
            ? configuration
            : throw new FormatException($"the discovery document is of another issuer than {_policy.Issuer}");
    }

    private string Require(string? endpoint, string name) =>
        string.IsNullOrEmpty(endpoint) ? throw new RemoteDocumentException(new Uri(_policy.Issuer), $"the discovery document has no {name}") : endpoint;

    private sealed record DiscoveredKeys(string Address, RemoteDocument<JsonWebKeys> Document);
}
