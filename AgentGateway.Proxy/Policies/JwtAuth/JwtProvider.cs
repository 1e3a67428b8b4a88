using System.Runtime.CompilerServices;
using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>One issuer whose tokens are accepted.</summary>
/// <param name="issuer">Required value of <c>iss</c>.</param>
/// <param name="audiences">Accepted values of <c>aud</c>, any of which will do: none accepts no token, null all of the issuer.</param>
/// <param name="requiredClaims">Claims that a token must have.</param>
/// <param name="keys">Keys of the issuer.</param>
/// <param name="time">Clock for <c>exp</c> and <c>nbf</c>.</param>
internal sealed class JwtProvider(string issuer, string[]? audiences, string[] requiredClaims, IKeySource keys, TimeProvider time)
{
    /// <summary>Tolerance for clocks that differ, for <c>exp</c> and <c>nbf</c>.</summary>
    public static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(60);

    // Parameters hold the key, so they live as long as it does and go with a key set that was replaced.
    private readonly ConditionalWeakTable<VerificationKey, TokenValidationParameters> _parameters = [];

    public string Issuer { get; } = issuer;

    public string[] RequiredClaims { get; } = requiredClaims;

    public IKeySource Keys { get; } = keys;

    public TokenValidationParameters ParametersFor(VerificationKey key) => _parameters.GetValue(key, Create);

    private TokenValidationParameters Create(VerificationKey key) => new()
    {
        IssuerSigningKey = key.Key,
        TryAllIssuerSigningKeys = false,
        ValidAlgorithms = key.Algorithms,
        ValidIssuer = Issuer,
        ValidAudiences = audiences,
        ValidateAudience = audiences is not null,
        IgnoreTrailingSlashWhenValidatingAudience = false,
        RequireSignedTokens = true,
        RequireExpirationTime = false,
        LifetimeValidator = ValidateLifetime,
        ClockSkew = ClockSkew,
    };

    // Replaces the library's check, which reads the system clock.
    private bool ValidateLifetime(DateTime? notBefore, DateTime? expires, SecurityToken token, TokenValidationParameters parameters)
    {
        var now = time.GetUtcNow().UtcDateTime;
        if (expires is { } end && now >= Add(end, ClockSkew))
        {
            throw new SecurityTokenExpiredException("ExpiredSignature");
        }

        if (notBefore is { } start && now < Add(start, -ClockSkew))
        {
            throw new SecurityTokenNotYetValidException("ImmatureSignature");
        }

        return true;
    }

    private static DateTime Add(DateTime moment, TimeSpan span) =>
        span > TimeSpan.Zero
            ? moment > DateTime.MaxValue - span ? DateTime.MaxValue : moment + span
            : moment < DateTime.MinValue - span ? DateTime.MinValue : moment + span;
}
