using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;

namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>bcrypt: <c>$2y$</c>, <c>$2a$</c>, <c>$2b$</c>.</summary>
internal sealed class BcryptHash(string text) : IPasswordHash
{
    public bool IsSlow => true;

    // The algorithm reads 72 bytes of a password; the library cuts what is longer, as htpasswd does.
    public bool Matches(ReadOnlySpan<byte> password) => OpenBsdBCrypt.CheckPassword(text, Encoding.UTF8.GetString(password).ToCharArray());
}

/// <summary>SHA-1 without salt: <c>{SHA}</c> and Base64.</summary>
internal sealed class Sha1Hash(byte[] digest) : IPasswordHash
{
    public bool IsSlow => false;

    public bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> actual = stackalloc byte[SHA1.HashSizeInBytes];
#pragma warning disable CA5350 // The file's format, not our choice: htpasswd -s.
        SHA1.HashData(password, actual);
#pragma warning restore CA5350
        return CryptographicOperations.FixedTimeEquals(actual, digest);
    }
}

/// <summary>A password as it is. Digests of equal length are compared, so that the time tells nothing of its length.</summary>
internal sealed class PlainHash(byte[] password) : IPasswordHash
{
    private readonly byte[] _digest = SHA256.HashData(password);

    public bool IsSlow => false;

    public bool Matches(ReadOnlySpan<byte> password)
    {
        Span<byte> actual = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(password, actual);
        return CryptographicOperations.FixedTimeEquals(actual, _digest);
    }
}

/// <summary>A crypt format that is computed again and compared as text.</summary>
internal sealed class CryptHash(string text, Func<byte[], string> compute) : IPasswordHash
{
    private readonly byte[] _expected = Encoding.ASCII.GetBytes(text);

    public bool IsSlow => true;

    public bool Matches(ReadOnlySpan<byte> password) =>
        CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(compute(password.ToArray())), _expected);
}
