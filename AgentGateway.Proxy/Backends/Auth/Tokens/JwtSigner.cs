using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>Signs JSON Web Tokens with a private key.</summary>
internal sealed class JwtSigner
{
    private readonly AsymmetricAlgorithm _key;
    private readonly JwtSigningAlgorithm _algorithm;
    private readonly string _header;
    private readonly Lock _lock = new();

    /// <param name="pem">Private key, PEM: PKCS#8, PKCS#1 or SEC 1.</param>
    /// <param name="algorithm">Signature algorithm.</param>
    /// <param name="keyId">Header <c>kid</c>, or null.</param>
    /// <param name="certificatePem">Certificate to show, or null.</param>
    /// <param name="certificateHeader">How it is shown; as chain by default.</param>
    /// <exception cref="FormatException">The key cannot be read or does not fit the algorithm. The message never quotes it.</exception>
    public JwtSigner(string pem, JwtSigningAlgorithm algorithm, string? keyId, string? certificatePem = null, CertificateHeader? certificateHeader = null)
    {
        _algorithm = algorithm;
        _key = ReadKey(pem, algorithm);
        _header = Base64Url.EncodeToString(WriteHeader(algorithm, keyId, certificatePem, certificateHeader));
    }

    /// <summary>Signs a payload.</summary>
    /// <param name="payload">Claims: a JSON object in UTF-8.</param>
    public string Sign(ReadOnlySpan<byte> payload)
    {
        var input = _header + "." + Base64Url.EncodeToString(payload);
        var bytes = Encoding.ASCII.GetBytes(input);
        byte[] signature;
        lock (_lock)
        {
            signature = _key switch
            {
                RSA rsa => rsa.SignData(bytes, Hash(_algorithm), _algorithm == JwtSigningAlgorithm.PS256 ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1),
                ECDsa curve => curve.SignData(bytes, Hash(_algorithm)),
                _ => throw new InvalidOperationException("a signer has an RSA or an EC key"),
            };
        }

        return input + "." + Base64Url.EncodeToString(signature);
    }

    private static AsymmetricAlgorithm ReadKey(string pem, JwtSigningAlgorithm algorithm)
    {
        AsymmetricAlgorithm key = algorithm is JwtSigningAlgorithm.ES256 or JwtSigningAlgorithm.ES384 ? ECDsa.Create() : RSA.Create();
        try
        {
            key.ImportFromPem(pem);
            var wanted = algorithm switch { JwtSigningAlgorithm.ES256 => 256, JwtSigningAlgorithm.ES384 => 384, _ => 0 };
            if (wanted != 0 ? key.KeySize != wanted : key.KeySize < 2048)
            {
                throw new PolicyValueException("signingKey", $"signingKey does not fit {algorithm}: it has {key.KeySize} bits");
            }

            return key;
        }
        catch (Exception error) when (error is CryptographicException or ArgumentException)
        {
            key.Dispose();
            throw new PolicyValueException("signingKey", $"signingKey is no PEM private key for {algorithm}");
        }
        catch (FormatException)
        {
            key.Dispose();
            throw;
        }
    }

    private static byte[] WriteHeader(JwtSigningAlgorithm algorithm, string? keyId, string? certificatePem, CertificateHeader? certificateHeader)
    {
        var buffer = new ArrayBufferWriter<byte>(128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("alg", algorithm.ToString());
            writer.WriteString("typ", "JWT");
            if (keyId is not null)
            {
                writer.WriteString("kid", keyId);
            }

            if (certificatePem is not null)
            {
                WriteCertificate(writer, certificatePem, certificateHeader ?? CertificateHeader.X5c);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private static void WriteCertificate(Utf8JsonWriter writer, string pem, CertificateHeader form)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(pem);
        }
        catch (CryptographicException)
        {
            throw new PolicyValueException("certificate", "certificate is no PEM certificate");
        }

        if (chain.Count == 0)
        {
            throw new PolicyValueException("certificate", "certificate is no PEM certificate");
        }

        if (form == CertificateHeader.X5tS256)
        {
            writer.WriteString("x5t#S256", Base64Url.EncodeToString(SHA256.HashData(chain[0].RawData)));
            return;
        }

        writer.WriteStartArray("x5c");
        foreach (var certificate in chain)
        {
            writer.WriteStringValue(Convert.ToBase64String(certificate.RawData));
        }

        writer.WriteEndArray();
    }

    private static HashAlgorithmName Hash(JwtSigningAlgorithm algorithm) => algorithm switch
    {
        JwtSigningAlgorithm.RS384 or JwtSigningAlgorithm.ES384 => HashAlgorithmName.SHA384,
        JwtSigningAlgorithm.RS512 => HashAlgorithmName.SHA512,
        _ => HashAlgorithmName.SHA256,
    };
}
