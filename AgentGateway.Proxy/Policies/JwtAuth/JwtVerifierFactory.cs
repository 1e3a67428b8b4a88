using System.Text;
using AgentGateway.Configuration;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Hosting;
using JwtProviderSettings = AgentGateway.Configuration.Snapshot.Policies.JwtProvider;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Makes verifiers from settings.</summary>
internal static class JwtVerifierFactory
{
    public static JwtVerifier Create(EquatableArray<JwtProviderSettings> settings, GatewayServices services)
    {
        var providers = new JwtProvider[settings.Length];
        for (var i = 0; i < providers.Length; i++)
        {
            var provider = settings[i];
            providers[i] = new JwtProvider(
                provider.Issuer, provider.Audiences is { } audiences ? [.. audiences] : null, [.. (provider.JwtValidationOptions ?? new JwtValidationOptions()).RequiredClaims], KeysFrom(provider.Jwks, services, i), services.Time);
        }

        return new JwtVerifier(providers, services.Time);
    }

    /// <summary>Keys of a document.</summary>
    /// <param name="source">Where they are.</param>
    /// <param name="services">Fetches documents.</param>
    /// <param name="provider">Number of the provider whose keys they are, for messages.</param>
    /// <exception cref="PolicyValueException">The text is no key set.</exception>
    public static IKeySource KeysFrom(Resource source, GatewayServices services, int provider = 0)
    {
        if (source.Url is { } address)
        {
            return new RemoteKeySource(services.Documents.Get(new Uri(address), JsonWebKeys.Parse));
        }

        try
        {
            var keys = JsonWebKeys.Parse(Encoding.UTF8.GetBytes(source.Text ?? ""));
            return keys.Count > 0 || keys.Total == 0
                ? new FixedKeySource(keys)
                : throw new FormatException("none of the keys of the JSON Web Key Set can verify a token; a key needs a `kid`, and is of type RSA, EC (P-256 or P-384) or OKP (Ed25519), for signatures");
        }
        catch (FormatException error)
        {
            throw new PolicyValueException("jwks", error.Message, provider, error);
        }
    }
}
