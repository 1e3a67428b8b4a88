using AgentGateway.Cel;
using AgentGateway.Configuration.Expressions;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// A token whose signature and claims were checked (jwtAuth, mcpAuthentication, oidc); in expressions the variable <c>jwt</c>. Immutable and
/// shared by all requests that carry the token, so that its claims are parsed once and not once a request.
/// </summary>
/// <param name="rawToken">The token in compact form; never written to logs or errors.</param>
/// <param name="claimsJson">Payload of the token: a JSON object.</param>
/// <param name="subject">Claim <c>sub</c>, or null when it is absent or no string.</param>
/// <param name="expiresAt">Claim <c>exp</c>, or null when it is absent.</param>
internal sealed class JwtIdentity(string rawToken, ReadOnlyMemory<byte> claimsJson, string? subject, DateTimeOffset? expiresAt) : CelObject
{
    private JsonMembers? _claims;

    /// <summary>Variable <c>jwt.rawToken</c>, and what <c>backendAuth: {passthrough: {}}</c> attaches.</summary>
    public string RawToken { get; } = rawToken;

    /// <summary>The claims.</summary>
    public ReadOnlyMemory<byte> ClaimsJson { get; } = claimsJson;

    public string? Subject { get; } = subject;

    public DateTimeOffset? ExpiresAt { get; } = expiresAt;

    public override CelObjectType Type => GatewayTypes.Jwt;

    private JsonMembers Claims => _claims ??= new JsonMembers(ClaimsJson);

    public override CelValue GetMember(int member) => member == JwtMember.RawToken ? CelValue.FromSecret(RawToken) : default;

    public override CelValue GetDynamicMember(CelName name) => Claims.Get(name);

    public override bool MoveNextDynamic(ref int cursor, out CelValue key, out CelValue value) => Claims.MoveNext(ref cursor, out key, out value);

    public override string ToString() => "<redacted>";
}
