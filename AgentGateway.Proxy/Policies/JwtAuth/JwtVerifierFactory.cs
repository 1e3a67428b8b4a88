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
                provider.Issuer, [.. provider.Audiences ?? []], [.. (provider.JwtValidationOptions ?? new JwtValidationOptions()).RequiredClaims], KeysFrom(provider.Jwks, services), services.Time);
        }

        return new JwtVerifier(providers, services.Time);
    }

    /// <summary>Keys of a document; an inline one that is no key set throws <see cref="FormatException"/>.</summary>
    public static IKeySource KeysFrom(Resource source, GatewayServices services) => source.Url is { } address
        ? new RemoteKeySource(services.Documents.Get(new Uri(address), JsonWebKeys.Parse))
        : new FixedKeySource(JsonWebKeys.Parse(Encoding.UTF8.GetBytes(source.Text ?? "")));
}
