namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// A token whose signature and claims were checked (jwtAuth, mcpAuthentication, oidc). Immutable and shared by all requests that carry the token.
/// </summary>
/// <param name="rawToken">The token in compact form; never written to logs or errors.</param>
/// <param name="claimsJson">Payload of the token: a JSON object.</param>
/// <param name="subject">Claim <c>sub</c>, or null when it is absent or no string.</param>
/// <param name="expiresAt">Claim <c>exp</c>, or null when it is absent.</param>
internal sealed class JwtIdentity(string rawToken, ReadOnlyMemory<byte> claimsJson, string? subject, DateTimeOffset? expiresAt)
{
    /// <summary>Variable <c>jwt.rawToken</c>, and what <c>backendAuth: {passthrough: {}}</c> attaches.</summary>
    public string RawToken { get; } = rawToken;

    /// <summary>Variable <c>jwt</c>.</summary>
    public ReadOnlyMemory<byte> ClaimsJson { get; } = claimsJson;

    public string? Subject { get; } = subject;

    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    /// <summary>Parsed form of <see cref="ClaimsJson"/>, kept by the expression engine so that a token is parsed once and not once a request.</summary>
    public object? ParsedClaims;

    public override string ToString() => "<redacted>";
}
