using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace AgentGateway.Proxy.Policies.Oidc;

/// <summary>
/// Seals what cookies carry: AES-256-GCM under the key of <c>OIDC_COOKIE_SECRET</c>, bound to the name of the cookie, so that one cookie cannot
/// stand in for another.
/// </summary>
internal sealed class CookieSecret
{
    /// <summary>Environment variable that holds the key.</summary>
    public const string Variable = "OIDC_COOKIE_SECRET";

    private const int NonceLength = 12;
    private const int TagLength = 16;
    private readonly byte[] _key;

    private CookieSecret(byte[] key) => _key = key;

    /// <summary>Reads the key.</summary>
    /// <exception cref="FormatException">It is missing or no 64 hexadecimal digits. The message does not repeat it.</exception>
    public static CookieSecret Parse(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            throw new FormatException($"oidc needs the environment variable {Variable}: 64 hexadecimal digits, as from `openssl rand -hex 32`");
        }

        try
        {
            return Convert.FromHexString(text.Trim()) is { Length: 32 } key ? new CookieSecret(key) : throw new FormatException();
        }
        catch (FormatException)
        {
            throw new FormatException($"{Variable} is 64 hexadecimal digits, as from `openssl rand -hex 32`");
        }
    }

    public string Seal(string cookieName, ReadOnlySpan<byte> content)
    {
        var sealedBytes = new byte[NonceLength + content.Length + TagLength];
        var nonce = sealedBytes.AsSpan(0, NonceLength);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(_key, TagLength);
        cipher.Encrypt(nonce, content, sealedBytes.AsSpan(NonceLength, content.Length), sealedBytes.AsSpan(NonceLength + content.Length), Encoding.ASCII.GetBytes(cookieName));
        return Base64Url.EncodeToString(sealedBytes);
    }

    /// <summary>The content, or null when the value was not sealed by this key for this cookie.</summary>
    public byte[]? Open(string cookieName, ReadOnlySpan<char> value)
    {
        if (!Base64Url.IsValid(value, out var length) || length < NonceLength + TagLength)
        {
            return null;
        }

        var bytes = Base64Url.DecodeFromChars(value);
        var content = new byte[bytes.Length - NonceLength - TagLength];
        try
        {
            using var cipher = new AesGcm(_key, TagLength);
            cipher.Decrypt(
                bytes.AsSpan(0, NonceLength), bytes.AsSpan(NonceLength, content.Length), bytes.AsSpan(NonceLength + content.Length), content, Encoding.ASCII.GetBytes(cookieName));
            return content;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
