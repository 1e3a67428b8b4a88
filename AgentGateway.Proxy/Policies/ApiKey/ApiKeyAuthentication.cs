using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies.Credentials;
using AgentGateway.Proxy.Requests;
using AgentGateway.Proxy.Telemetry;

namespace AgentGateway.Proxy.Policies.ApiKey;

/// <summary>Policy <c>apiKey</c>: a known key becomes <c>apiKey</c> and leaves the request; without one the mode decides.</summary>
internal sealed class ApiKeyAuthentication(ApiKeyAuth policy) : IRequestPolicy
{
    private readonly CredentialPlace _place = CredentialPlace.From(policy.Location, CredentialPlace.Bearer);
    private readonly ApiKeyTable _keys = new(policy.Keys);

    public static ApiKeyAuthentication Create(ApiKeyAuth policy, PolicyScope scope) => new(policy);

    public bool NeedsRequestBody => _place.ReadsBody;

    public ValueTask<GatewayReply?> ApplyAsync(RequestContext context)
    {
        if (!RequestCredentials.TryFind(context, _place, out var key))
        {
            // A policy of the gateway phase took the key out of the request; this one judges it by its own list.
            if (context.Record.ApiKey is not { } earlier)
            {
                return policy.Mode == AuthenticationMode.Strict ? new(Refuse("no API Key found")) : default;
            }

            key = earlier.Key;
        }

        if (_keys.Find(key) is { } identity)
        {
            RequestCredentials.Remove(context, _place);
            context.Record.ApiKey = identity;
            return default;
        }

        return policy.Mode == AuthenticationMode.Permissive ? default : new(Refuse("invalid credentials"));
    }

    private static GatewayReply Refuse(string failure) =>
        GatewayReply.Failure(401, ResponseReason.APIKeyAuth, "api key authentication failure: " + failure);
}
