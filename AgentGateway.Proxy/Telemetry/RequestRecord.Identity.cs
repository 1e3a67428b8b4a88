using AgentGateway.Proxy.Policies.ApiKey;
using AgentGateway.Proxy.Policies.JwtAuth;

namespace AgentGateway.Proxy.Telemetry;

// Who asks, as the authentication policies found out, and what authorization services said. Written by those policies only.
internal sealed partial class RequestRecord
{
    /// <summary>Variable <c>jwt</c>: the validated token of jwtAuth, mcpAuthentication or oidc; null without one.</summary>
    public JwtIdentity? Jwt;

    /// <summary>Variable <c>apiKey</c>: the recognised key; null without one.</summary>
    public ApiKeyIdentity? ApiKey;

    /// <summary>Variable <c>basicAuth.username</c>; null when no user was authenticated.</summary>
    public string? BasicAuthUsername;

    /// <summary>Base64 of user and password that a policy of the gateway phase accepted, for one of the route to judge; in no expression and no log.</summary>
    public string? BasicAuthCredentials;

    /// <summary>Variable <c>extauthz</c>: raw JSON object of the metadata of the authorization service; empty when there is none.</summary>
    public ReadOnlyMemory<byte> ExtAuthzMetadata;

    private void ResetIdentity()
    {
        Jwt = null;
        ApiKey = null;
        BasicAuthUsername = null;
        BasicAuthCredentials = null;
        ExtAuthzMetadata = default;
        JwtSubject = null;
    }
}
