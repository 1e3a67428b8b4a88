using Microsoft.IdentityModel.Tokens;
using Org.BouncyCastle.Crypto.Parameters;
using Org.BouncyCastle.Crypto.Signers;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// An Ed25519 public key (RFC 8037). Neither .NET nor Microsoft.IdentityModel verify EdDSA; the key brings a provider that does.
/// </summary>
internal sealed class EdDsaSecurityKey : AsymmetricSecurityKey
{
    public const string Algorithm = "EdDSA";

    private const int KeyLength = 32;
    private readonly Ed25519PublicKeyParameters _key;

    private EdDsaSecurityKey(Ed25519PublicKeyParameters key, string keyId)
    {
        _key = key;
        KeyId = keyId;
        CryptoProviderFactory = new CryptoProviderFactory { CustomCryptoProvider = new Provider(), CacheSignatureProviders = false };
    }

    /// <summary>The key of a JWK's <c>x</c>, or null when the bytes are no Ed25519 public key.</summary>
    public static EdDsaSecurityKey? TryCreate(byte[] x, string keyId)
    {
        if (x.Length != KeyLength)
        {
            return null;
        }

        try
        {
            return new EdDsaSecurityKey(new Ed25519PublicKeyParameters(x), keyId);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    public override int KeySize => 256;

    [Obsolete("Replaced by PrivateKeyStatus in the base class.")]
    public override bool HasPrivateKey => false;

    public override PrivateKeyStatus PrivateKeyStatus => PrivateKeyStatus.DoesNotExist;

    private bool Verify(byte[] input, int offset, int count, byte[] signature)
    {
        var signer = new Ed25519Signer();
        signer.Init(forSigning: false, _key);
        signer.BlockUpdate(input, offset, count);
        return signer.VerifySignature(signature);
    }

    private sealed class Provider : ICryptoProvider
    {
        public bool IsSupportedAlgorithm(string algorithm, params object[] args) => algorithm == Algorithm && args is [EdDsaSecurityKey, ..];

        public object Create(string algorithm, params object[] args) => new Signatures((EdDsaSecurityKey)args[0]);

        public void Release(object cryptoInstance) => (cryptoInstance as IDisposable)?.Dispose();
    }

    private sealed class Signatures(EdDsaSecurityKey key) : SignatureProvider(key, EdDsaSecurityKey.Algorithm)
    {
        public override byte[] Sign(byte[] input) => throw new NotSupportedException("an Ed25519 verification key cannot sign");

        public override bool Verify(byte[] input, byte[] signature) => key.Verify(input, 0, input.Length, signature);

        public override bool Verify(byte[] input, int inputOffset, int inputLength, byte[] signature, int signatureOffset, int signatureLength) =>
            key.Verify(input, inputOffset, inputLength, signature.AsSpan(signatureOffset, signatureLength).ToArray());

        protected override void Dispose(bool disposing)
        {
            // Holds nothing that needs to be released.
        }
    }
}
