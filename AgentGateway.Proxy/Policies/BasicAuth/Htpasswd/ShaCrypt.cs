using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>The SHA-256 (<c>$5$</c>) and SHA-512 (<c>$6$</c>) based password schemes of crypt (U. Drepper, "Unix crypt using SHA-256 and SHA-512", 2008).</summary>
internal static class ShaCrypt
{
    private const int DefaultRounds = 5_000;
    private const int FewestRounds = 1_000;
    private const int LongestSalt = 16;

    /// <summary>Rounds beyond this are refused at load: one check would take seconds.</summary>
    public const int MostRounds = 1_000_000;

    // Order in which digest bytes are written, three at a time from the highest: table of the scheme's specification.
    private static readonly byte[] Order256 =
    [
        0, 10, 20, 21, 1, 11, 12, 22, 2, 3, 13, 23, 24, 4, 14, 15, 25, 5, 6, 16, 26, 27, 7, 17, 18, 28, 8, 9, 19, 29,
    ];

    private static readonly byte[] Order512 =
    [
        0, 21, 42, 22, 43, 1, 44, 2, 23, 3, 24, 45, 25, 46, 4, 47, 5, 26, 6, 27, 48, 28, 49, 7, 50, 8, 29, 9, 30, 51, 31, 52,
        10, 53, 11, 32, 12, 33, 54, 34, 55, 13, 56, 14, 35, 15, 36, 57, 37, 58, 16, 59, 17, 38, 18, 39, 60, 40, 61, 19, 62, 20, 41,
    ];

    /// <summary>Computes <c>$5$[rounds=N$]salt$digest</c> or its <c>$6$</c> form.</summary>
    public static string Compute(byte[] password, bool is512, int? rounds, string saltText)
    {
        var saltUsed = saltText.Length > LongestSalt ? saltText[..LongestSalt] : saltText;
        var salt = Encoding.ASCII.GetBytes(saltUsed);
        var size = is512 ? 64 : 32;
        using var hash = IncrementalHash.CreateHash(is512 ? HashAlgorithmName.SHA512 : HashAlgorithmName.SHA256);

        hash.AppendData(password);
        hash.AppendData(salt);
        hash.AppendData(password);
        var alternate = hash.GetHashAndReset();

        hash.AppendData(password);
        hash.AppendData(salt);
        AppendRepeated(hash, alternate, password.Length, size);
        for (var bits = password.Length; bits != 0; bits >>= 1)
        {
            hash.AppendData((bits & 1) != 0 ? alternate : password);
        }

        var digest = hash.GetHashAndReset();

        for (var i = 0; i < password.Length; i++)
        {
            hash.AppendData(password);
        }

        var p = Repeat(hash.GetHashAndReset(), password.Length);
        for (var i = 0; i < 16 + digest[0]; i++)
        {
            hash.AppendData(salt);
        }

        var s = Repeat(hash.GetHashAndReset(), salt.Length);
        var count = Math.Clamp(rounds ?? DefaultRounds, FewestRounds, MostRounds);
        for (var round = 0; round < count; round++)
        {
            hash.AppendData((round & 1) != 0 ? p : digest);
            if (round % 3 != 0)
            {
                hash.AppendData(s);
            }

            if (round % 7 != 0)
            {
                hash.AppendData(p);
            }

            hash.AppendData((round & 1) != 0 ? digest : p);
            digest = hash.GetHashAndReset();
        }

        var text = new StringBuilder(is512 ? "$6$" : "$5$");
        if (rounds is not null)
        {
            text.Append(CultureInfo.InvariantCulture, $"rounds={count}$");
        }

        text.Append(saltUsed).Append('$');
        var order = is512 ? Order512 : Order256;
        for (var i = 0; i < order.Length; i += 3)
        {
            CryptAlphabet.Append(text, digest[order[i]], digest[order[i + 1]], digest[order[i + 2]], 4);
        }

        if (is512)
        {
            CryptAlphabet.Append(text, 0, 0, digest[63], 2);
        }
        else
        {
            CryptAlphabet.Append(text, 0, digest[31], digest[30], 3);
        }

        return text.ToString();
    }

    private static void AppendRepeated(IncrementalHash hash, byte[] block, int length, int size)
    {
        for (; length > size; length -= size)
        {
            hash.AppendData(block);
        }

        hash.AppendData(block, 0, length);
    }

    private static byte[] Repeat(byte[] block, int length)
    {
        var result = new byte[length];
        for (var i = 0; i < length; i++)
        {
            result[i] = block[i % block.Length];
        }

        return result;
    }
}
