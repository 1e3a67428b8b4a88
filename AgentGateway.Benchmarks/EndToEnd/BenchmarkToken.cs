using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentGateway.Benchmarks.EndToEnd;

/// <summary>A signed token that every request carries, and the keys to check it: made for the run.</summary>
internal static class BenchmarkToken
{
    private static readonly RSA Key = RSA.Create(2048);

    /// <summary>The token (RS256), valid for a day.</summary>
    public static string Value { get; } = Create();

    /// <summary>The public key as a JSON Web Key Set.</summary>
    public static string Jwks
    {
        get
        {
            var key = Key.ExportParameters(includePrivateParameters: false);
            return $$"""{"keys":[{"kty":"RSA","kid":"bench","use":"sig","alg":"RS256","n":"{{Base64Url.EncodeToString(key.Modulus)}}","e":"{{Base64Url.EncodeToString(key.Exponent)}}"}]}""";
        }
    }

    private static string Create()
    {
        var expires = DateTimeOffset.UtcNow.AddDays(1).ToUnixTimeSeconds();
        var header = Base64Url.EncodeToString("""{"alg":"RS256","typ":"JWT","kid":"bench"}"""u8);
        var claims = Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"iss":"bench","aud":"bench","sub":"load","role":"user","exp":{{expires}}}"""));
        var signature = Key.SignData(Encoding.ASCII.GetBytes($"{header}.{claims}"), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{header}.{claims}.{Base64Url.EncodeToString(signature)}";
    }
}
