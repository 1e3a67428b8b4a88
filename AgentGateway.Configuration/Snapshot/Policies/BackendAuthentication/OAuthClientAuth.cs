using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How the gateway authenticates at a token endpoint.</summary>
public sealed record OAuthClientAuth
{
    internal static Shape<OAuthClientAuth> Shape { get; } = Shapes.Object("OAuthClientAuth", "How the gateway authenticates at a token endpoint.", Read);

    /// <summary>Client.</summary>
    public required string ClientId { get; init; }

    /// <summary>Its secret.</summary>
    public Secret? ClientSecret { get; init; }

    /// <summary>Method.</summary>
    public OAuthClientAuthMethod Method { get; init; }

    /// <summary>Private key for <c>privateKeyJwt</c>.</summary>
    public Secret? SigningKey { get; init; }

    /// <summary>Certificate that goes with the key.</summary>
    public Secret? Certificate { get; init; }

    /// <summary>How the certificate is shown in the assertion.</summary>
    public CertificateHeader? CertificateHeader { get; init; }

    /// <summary>Signature algorithm of the assertion.</summary>
    public JwtSigningAlgorithm Alg { get; init; }

    /// <summary>Key id of the assertion.</summary>
    public string? Kid { get; init; }

    /// <summary>Audience of the assertion.</summary>
    public string? AssertionAudience { get; init; }

    private static OAuthClientAuth Read(ObjectReader r)
    {
        var v = new OAuthClientAuth
        {
            ClientId = r.Required("clientId", Shapes.NonEmptyText, "Client.", "gateway"),
            ClientSecret = r.Optional("clientSecret", SecretShape.FileOrInline, "Its secret."),
            Method = r.Value("method", EnumShapes.OAuthClientAuthMethodWords, OAuthClientAuthMethod.ClientSecretBasic, "Method.", "clientSecretBasic"),
            SigningKey = r.Optional("signingKey", SecretShape.FileOrInline, "Private key for `privateKeyJwt`.", "{file: keys/client.pem}"),
            Certificate = r.Optional("certificate", SecretShape.FileOrInline, "Certificate that goes with the key.", "{file: keys/client.crt}"),
            CertificateHeader = r.OptionalValue("certificateHeader", EnumShapes.CertificateHeaderWords, "How the certificate is shown in the assertion.", "x5c"),
            Alg = r.Value("alg", EnumShapes.JwtSigningAlgorithmWords, JwtSigningAlgorithm.RS256, "Signature algorithm of the assertion.", "RS256"),
            Kid = r.Optional("kid", Shapes.NonEmptyText, "Key id of the assertion.", "key-1"),
            AssertionAudience = r.Optional("assertionAudience", Shapes.NonEmptyText, "Audience of the assertion.", "https://issuer.example.com"),
        };
        if (!r.IsWrong("method"))
        {
            CheckMethod(r, v);
        }

        return v;
    }

    private static void CheckMethod(ObjectReader r, OAuthClientAuth v)
    {
        if (v.Method == OAuthClientAuthMethod.PrivateKeyJwt)
        {
            RequireKey(r, "signingKey");
            RequireKey(r, "assertionAudience");
            if (r.IsSet("clientSecret"))
            {
                r.Error("clientSecret", "clientSecret does not go with method privateKeyJwt; remove it");
            }

            return;
        }

        if (v.Method == OAuthClientAuthMethod.ClientSecretBasic && !r.IsSet("clientSecret"))
        {
            r.Error("clientSecret", "missing field `clientSecret`; method clientSecretBasic needs client_secret");
        }

        foreach (var key in (ReadOnlySpan<string>)["signingKey", "certificate", "certificateHeader", "alg", "kid", "assertionAudience"])
        {
            if (r.IsSet(key))
            {
                r.Error(key, $"`{key}` is for method privateKeyJwt only");
            }
        }
    }

    private static void RequireKey(ObjectReader r, string key)
    {
        if (!r.IsSet(key))
        {
            r.Error(key, $"missing field `{key}`; method privateKeyJwt needs it");
        }
    }
}
