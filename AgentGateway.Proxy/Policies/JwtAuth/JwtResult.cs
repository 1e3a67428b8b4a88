namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Outcome of a validation.</summary>
/// <param name="Identity">The valid token, or null.</param>
/// <param name="Failure">Why it is not valid, or null.</param>
internal readonly record struct JwtResult(JwtIdentity? Identity, string? Failure)
{
    public static JwtResult Refused(string failure) => new(null, failure);
}
