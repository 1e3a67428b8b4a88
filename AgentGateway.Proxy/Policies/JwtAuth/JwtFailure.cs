namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>Why a token was refused; the texts are those of the original gateway, which clients match on (specification 3.5).</summary>
internal static class JwtFailure
{
    public const string Missing = "no bearer token found";
    public const string MissingKeyId = "the token header does not specify a `kid`";

    /// <summary>Our own: the keys of the issuer were never fetched. Not the token's fault, so the answer is 503.</summary>
    public const string KeysUnavailable = "the keys of the issuer are not available";

    public static string Invalid(string detail) => "the token is invalid or malformed: " + detail;

    public static string UnknownKey(string keyId) => $"token uses the unknown key \"{Printable(keyId)}\"";

    // The key id comes from the client and goes back to it and into logs.
    private static string Printable(string text)
    {
        const int longest = 100;
        var kept = text.Length > longest ? text[..longest] : text;
        foreach (var c in kept)
        {
            if (char.IsControl(c) || c == '"')
            {
                return string.Create(kept.Length, kept, static (span, source) =>
                {
                    for (var i = 0; i < span.Length; i++)
                    {
                        span[i] = char.IsControl(source[i]) || source[i] == '"' ? '?' : source[i];
                    }
                });
            }
        }

        return kept;
    }
}
