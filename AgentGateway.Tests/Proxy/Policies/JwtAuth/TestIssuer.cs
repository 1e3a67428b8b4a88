using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace AgentGateway.Tests.Proxy.Policies.JwtAuth;

/// <summary>An identity provider that signs what it is told to, with one key of each kind. Writes tokens by hand, so that broken ones can be made too.</summary>
internal sealed class TestIssuer
{
    public const string Name = "https://issuer.test";
    private readonly RSA _rsa = RSA.Create(2048);
    private readonly ECDsa _p256 = ECDsa.Create(ECCurve.NamedCurves.nistP256);
    private readonly ECDsa _p384 = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly Ed25519PrivateKeyParameters _ed25519 = new(RandomNumberGenerator.GetBytes(32));

    public TestIssuer(string prefix = "") => Prefix = prefix;

    public string Prefix { get; }

    /// <summary>Keys <c>rsa</c>, <c>p256</c>, <c>p384</c>, <c>ed</c>; and ones that must not be used: <c>enc</c>, <c>oct</c>.</summary>
    public string Jwks(params string[] leaveOut)
    {
        var rsa = _rsa.ExportParameters(false);
        var keys = new Dictionary<string, string>
        {
            ["rsa"] = $$"""{"kty":"RSA","kid":"{{Prefix}}rsa","n":"{{Encode(rsa.Modulus!)}}","e":"{{Encode(rsa.Exponent!)}}"}""",
            ["enc"] = $$"""{"kty":"RSA","kid":"{{Prefix}}enc","use":"enc","n":"{{Encode(rsa.Modulus!)}}","e":"{{Encode(rsa.Exponent!)}}"}""",
            ["p256"] = Curve("p256", "P-256", _p256),
            ["p384"] = Curve("p384", "P-384", _p384),
            ["ed"] = $$"""{"kty":"OKP","crv":"Ed25519","alg":"EdDSA","kid":"{{Prefix}}ed","x":"{{Encode(_ed25519.GeneratePublicKey().GetEncoded())}}"}""",
            ["oct"] = $$"""{"kty":"oct","kid":"{{Prefix}}oct","k":"{{Encode(new byte[32])}}"}""",
        };
        return "{\"keys\":[" + string.Join(',', keys.Where(key => !leaveOut.Contains(key.Key)).Select(key => key.Value)) + "]}";
    }

    /// <summary>A token of user <c>alice</c>, good for an hour from <paramref name="now"/>.</summary>
    public string Token(DateTimeOffset now, string algorithm = "RS256", string? kid = null, string more = "") =>
        Sign(algorithm, $$"""{"iss":"{{Name}}","sub":"alice","aud":"api","exp":{{now.ToUnixTimeSeconds() + 3600}}{{more}}}""", kid);

    public string Sign(string algorithm, string payload, string? kid = null, string moreHeader = "")
    {
        kid ??= algorithm switch { "ES256" => "p256", "ES384" => "p384", "EdDSA" => "ed", "HS256" => "oct", _ => "rsa" };
        var keyId = kid.Length == 0 ? "" : $",\"kid\":{JsonSerializer.Serialize(Prefix + kid)}";
        var input = Encode($"{{\"alg\":\"{algorithm}\"{keyId}{moreHeader}}}".Utf8()) + "." + Encode(payload.Utf8());
        return input + "." + Encode(Signature(algorithm, Encoding.ASCII.GetBytes(input)));
    }

    public static string Encode(byte[] bytes) => Base64UrlEncoder.Encode(bytes);

    private byte[] Signature(string algorithm, byte[] input)
    {
        var hash = algorithm[2..] switch { "384" => HashAlgorithmName.SHA384, "512" => HashAlgorithmName.SHA512, _ => HashAlgorithmName.SHA256 };
        switch (algorithm[..2])
        {
            case "RS":
                return _rsa.SignData(input, hash, RSASignaturePadding.Pkcs1);
            case "PS":
                return _rsa.SignData(input, hash, RSASignaturePadding.Pss);
            case "ES":
                return (algorithm == "ES384" ? _p384 : _p256).SignData(input, hash);
            case "HS":
                return HMACSHA256.HashData(new byte[32], input);
            case "Ed":
                var signer = new Ed25519Signer();
                signer.Init(forSigning: true, _ed25519);
                signer.BlockUpdate(input, 0, input.Length);
                return signer.GenerateSignature();
            default:
                return [];
        }
    }

    private string Curve(string kid, string curve, ECDsa key)
    {
        var q = key.ExportParameters(false).Q;
        return $$"""{"kty":"EC","kid":"{{Prefix}}{{kid}}","crv":"{{curve}}","use":"sig","x":"{{Encode(q.X!)}}","y":"{{Encode(q.Y!)}}"}""";
    }
}

internal static class TestText
{
    public static byte[] Utf8(this string text) => Encoding.UTF8.GetBytes(text);
}
