using AgentGateway.Tests.Proxy.Policies.JwtAuth;
using Xunit;

namespace AgentGateway.Tests.Proxy.Policies.Credentials;

/// <summary>Credentials that an expression finds in the body of the request.</summary>
public sealed class CredentialInBodyTests
{
    private const string Place = "{expression: 'json(request.body).credential'}";
    private static readonly TestIssuer Issuer = new();

    public static TheoryData<string, string> Policies => new()
    {
        { $"jwtAuth: {{mode: strict, issuer: '{TestIssuer.Name}', jwks: '{Issuer.Jwks()}', location: {Place}}}", Issuer.Token(DateTimeOffset.UtcNow) },
        { $"mcpAuthentication: {{issuer: '{TestIssuer.Name}', audiences: [api], resourceMetadata: {{}}, jwks: '{Issuer.Jwks()}', authorizationLocation: {Place}}}", Issuer.Token(DateTimeOffset.UtcNow) },
        { $"apiKey: {{mode: strict, keys: [{{key: k1}}], location: {Place}}}", "k1" },
        { $"basicAuth: {{mode: strict, htpasswd: 'bob:pw', authorizationLocation: {Place}}}", Convert.ToBase64String("bob:pw"u8) },
    };

    [Theory]
    [MemberData(nameof(Policies))]
    public async Task Request_CredentialInTheBody_IsFoundAndTheBodyGoesOn(string policy, string credential)
    {
        await using var upstream = await TestUpstream.StartAsync();
        await using var gateway = await ConfiguredRoute.StartAsync(upstream.Port, $"{{{policy}}}");
        var body = $$"""{"credential":"{{credential}}","more":1}""";

        using var with = await gateway.PostAsync("/", body);
        using var without = await gateway.PostAsync("/", "{}");

        Assert.Equal((200, 401), ((int)with.StatusCode, (int)without.StatusCode));
        Assert.Equal(body, Assert.Single(upstream.Seen).Body);
    }
}
