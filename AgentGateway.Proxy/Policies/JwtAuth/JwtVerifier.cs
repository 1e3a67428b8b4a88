using System.Text.Json;
using AgentGateway.Proxy.Policies.Documents;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// Validates tokens of a list of issuers: asymmetric signatures only, by the key that the token's <c>kid</c> names, then <c>iss</c>, <c>aud</c>,
/// <c>exp</c>, <c>nbf</c> and required claims (specification 3.5). A token that was found valid is remembered until it expires or the keys change.
/// </summary>
internal sealed class JwtVerifier(JwtProvider[] providers, TimeProvider time)
{
    /// <summary>Longest token that is looked at, in characters.</summary>
    public const int MaxTokenLength = 32 * 1024;

    private readonly JwtCache _cache = new();
    private readonly JsonWebTokenHandler _handler = new() { MaximumTokenSizeInBytes = MaxTokenLength, MapInboundClaims = false };

    /// <summary>Looks a token up among those validated before: no allocation, no waiting. Null means that it has to be verified.</summary>
    public JwtIdentity? FindValidated(ReadOnlySpan<char> token)
    {
        if (_cache.Find(token) is not { } entry || time.GetUtcNow() >= entry.ValidUntil)
        {
            return null;
        }

        var keys = entry.Provider.Keys.GetAsync(CancellationToken.None);
        return keys.IsCompletedSuccessfully && ReferenceEquals(keys.Result, entry.Keys) ? entry.Identity : null;
    }

    public async ValueTask<JwtResult> VerifyAsync(string token, CancellationToken cancellationToken)
    {
        if (FindValidated(token) is { } known)
        {
            return new(known, null);
        }

        if (token.Length > MaxTokenLength)
        {
            return JwtResult.Refused(JwtFailure.Invalid($"longer than {MaxTokenLength} characters"));
        }

        JsonWebToken parsed;
        try
        {
            parsed = new JsonWebToken(token);
        }
        catch (Exception error) when (error is ArgumentException or SecurityTokenException or JsonException or FormatException)
        {
            return JwtResult.Refused(JwtFailure.Invalid("InvalidToken"));
        }

        if (parsed.IsEncrypted || parsed.TryGetHeaderValue<object>("crit", out _))
        {
            // RFC 7515 4.1.11: a token with critical extensions that are not understood is invalid.
            return JwtResult.Refused(JwtFailure.Invalid("InvalidToken"));
        }

        if (parsed.Kid is not { Length: > 0 } keyId)
        {
            return JwtResult.Refused(JwtFailure.MissingKeyId);
        }

        JwtProvider? provider;
        JsonWebKeys? keys;
        VerificationKey? key;
        try
        {
            (provider, keys, key) = await FindKeyAsync(parsed, keyId, cancellationToken);
        }
        catch (RemoteDocumentException)
        {
            return new(null, JwtFailure.KeysUnavailable);
        }

        return key is null
            ? JwtResult.Refused(JwtFailure.UnknownKey(keyId))
            : await VerifyAsync(token, parsed, provider!, keys!, key);
    }

    private async ValueTask<JwtResult> VerifyAsync(string token, JsonWebToken parsed, JwtProvider provider, JsonWebKeys keys, VerificationKey key)
    {
        var result = await _handler.ValidateTokenAsync(parsed, provider.ParametersFor(key));
        if (!result.IsValid)
        {
            return JwtResult.Refused(JwtFailure.Invalid(Describe(result.Exception)));
        }

        foreach (var claim in provider.RequiredClaims)
        {
            if (!parsed.TryGetPayloadValue<object>(claim, out var value) || value is null)
            {
                return JwtResult.Refused(JwtFailure.Invalid($"Missing required claim: {claim}"));
            }
        }

        var payload = Base64UrlEncoder.DecodeBytes(parsed.EncodedPayload);
        var expires = parsed.TryGetPayloadValue<object>("exp", out _) ? new DateTimeOffset(parsed.ValidTo, TimeSpan.Zero) : (DateTimeOffset?)null;
        var identity = new JwtIdentity(token, payload, SubjectOf(payload), expires);
        var until = expires is { } end && end < DateTimeOffset.MaxValue - JwtProvider.ClockSkew ? end + JwtProvider.ClockSkew : DateTimeOffset.MaxValue;
        _cache.Add(token, new JwtCache.Entry(identity, keys, provider, until));
        return new(identity, null);
    }

    // Several issuers may use one key id; then the token's own (still unproven) issuer says which of them is meant.
    private async ValueTask<(JwtProvider? Provider, JsonWebKeys? Keys, VerificationKey? Key)> FindKeyAsync(
        JsonWebToken token, string keyId, CancellationToken cancellationToken)
    {
        for (var newer = false; ; newer = true)
        {
            (JwtProvider? Provider, JsonWebKeys? Keys, VerificationKey? Key) found = default;
            foreach (var provider in providers)
            {
                var keys = newer ? await provider.Keys.GetNewerAsync(cancellationToken) : await provider.Keys.GetAsync(cancellationToken);
                if (keys.Find(keyId, token.Alg) is { } key)
                {
                    if (string.Equals(provider.Issuer, token.Issuer, StringComparison.Ordinal))
                    {
                        return (provider, keys, key);
                    }

                    if (found.Key is null)
                    {
                        found = (provider, keys, key);
                    }
                }
            }

            if (found.Key is not null || newer)
            {
                return found;
            }
        }
    }

    // Library messages may quote claims; only the kind of failure is told.
    private static string Describe(Exception? error) => error switch
    {
        SecurityTokenExpiredException => "ExpiredSignature",
        SecurityTokenNotYetValidException => "ImmatureSignature",
        SecurityTokenInvalidIssuerException => "InvalidIssuer",
        SecurityTokenInvalidAudienceException => "InvalidAudience",
        SecurityTokenInvalidAlgorithmException => "InvalidAlgorithm",
        SecurityTokenInvalidSignatureException { InnerException: SecurityTokenInvalidAlgorithmException } => "InvalidAlgorithm",
        SecurityTokenSignatureKeyNotFoundException or SecurityTokenInvalidSignatureException => "InvalidSignature",
        _ => "InvalidToken",
    };

    private static string? SubjectOf(ReadOnlySpan<byte> payload)
    {
        var reader = new Utf8JsonReader(payload);
        string? subject = null;
        while (reader.Read())
        {
            if (reader.TokenType == JsonTokenType.PropertyName && reader.CurrentDepth == 1)
            {
                var isSubject = reader.ValueTextEquals("sub"u8);
                reader.Read();
                if (isSubject)
                {
                    subject = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }

                reader.Skip();
            }
        }

        return subject;
    }
}
