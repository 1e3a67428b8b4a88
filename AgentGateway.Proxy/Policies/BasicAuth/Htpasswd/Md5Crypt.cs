using System.Security.Cryptography;
using System.Text;

namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>The MD5 based password scheme of Apache (<c>$apr1$</c>, <c>htpasswd -m</c>) and of FreeBSD (<c>$1$</c>): 1000 rounds.</summary>
internal static class Md5Crypt
{
    private const int Rounds = 1000;
    private const int LongestSalt = 8;

    /// <summary>Computes <c>$magic$salt$digest</c>.</summary>
    /// <param name="password">Password.</param>
    /// <param name="magic"><c>$apr1$</c> or <c>$1$</c>.</param>
    /// <param name="saltText">Salt; only its first 8 characters count.</param>
    public static string Compute(byte[] password, string magic, string saltText)
    {
        var saltUsed = saltText.Length > LongestSalt ? saltText[..LongestSalt] : saltText;
        var salt = Encoding.ASCII.GetBytes(saltUsed);
#pragma warning disable CA5351 // The file's format, not our choice.
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
#pragma warning restore CA5351
        hash.AppendData(password);
        hash.AppendData(salt);
        hash.AppendData(password);
        var inner = hash.GetHashAndReset();

        hash.AppendData(password);
        hash.AppendData(Encoding.ASCII.GetBytes(magic));
        hash.AppendData(salt);
        for (var left = password.Length; left > 0; left -= 16)
        {
            hash.AppendData(inner, 0, Math.Min(16, left));
        }

        for (var bits = password.Length; bits != 0; bits >>= 1)
        {
            // The first byte of a cleared buffer, or of the password.
            hash.AppendData((bits & 1) != 0 ? [0] : password.AsSpan(0, 1));
        }

        var digest = hash.GetHashAndReset();
        for (var round = 0; round < Rounds; round++)
        {
            hash.AppendData((round & 1) != 0 ? password : digest);
            if (round % 3 != 0)
            {
                hash.AppendData(salt);
            }

            if (round % 7 != 0)
            {
                hash.AppendData(password);
            }

            hash.AppendData((round & 1) != 0 ? digest : password);
            digest = hash.GetHashAndReset();
        }

        var text = new StringBuilder(magic).Append(saltUsed).Append('$');
        for (var i = 0; i < 5; i++)
        {
            CryptAlphabet.Append(text, digest[i], digest[i + 6], i == 4 ? digest[5] : digest[i + 12], 4);
        }

        CryptAlphabet.Append(text, 0, 0, digest[11], 2);
        return text.ToString();
    }
}
