using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>A public key of a key set, and the signature algorithms that may be used with it.</summary>
internal sealed class VerificationKey(SecurityKey key, string[] algorithms)
{
    public SecurityKey Key { get; } = key;

    /// <summary>The key's own <c>alg</c>, or all that fit its type. Never a symmetric one.</summary>
    public string[] Algorithms { get; } = algorithms;
}
