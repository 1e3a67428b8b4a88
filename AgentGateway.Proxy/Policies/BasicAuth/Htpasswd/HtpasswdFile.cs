using System.Collections.Frozen;
using System.Globalization;
using System.Text;

namespace AgentGateway.Proxy.Policies.BasicAuth.Htpasswd;

/// <summary>
/// Users and their stored passwords: lines <c>user:hash</c>, comments with <c>#</c>. Formats: bcrypt, <c>$apr1$</c> and <c>$1$</c> (MD5),
/// <c>{SHA}</c>, <c>$5$</c> and <c>$6$</c> (SHA-crypt), and plain text.
/// </summary>
internal sealed class HtpasswdFile
{
    private const int MaxUsers = 100_000;

    // 2^16 iterations already take seconds.
    private const int MaxBcryptCost = 16;

    private readonly FrozenDictionary<string, IPasswordHash> _users;

    private HtpasswdFile(FrozenDictionary<string, IPasswordHash> users) => _users = users;

    public IPasswordHash? Find(string user) => _users.GetValueOrDefault(user);

    /// <summary>Parses a file.</summary>
    /// <exception cref="FormatException">A line cannot be used; the message names its number and never its content.</exception>
    public static HtpasswdFile Parse(string text)
    {
        var users = new Dictionary<string, IPasswordHash>(StringComparer.Ordinal);
        var number = 0;
        foreach (var raw in text.AsSpan().EnumerateLines())
        {
            number++;
            var line = raw.Trim();
            if (line.IsEmpty || line[0] == '#')
            {
                continue;
            }

            var colon = line.IndexOf(':');
            if (colon <= 0)
            {
                throw Broken(number, "a line is `user:hash`");
            }

            var rest = line[(colon + 1)..];
            var end = rest.IndexOf(':');
            var hash = (end < 0 ? rest : rest[..end]).ToString();
            if (hash.Length == 0)
            {
                throw Broken(number, "the hash is missing");
            }

            if (users.Count >= MaxUsers)
            {
                throw Broken(number, $"at most {MaxUsers} users are allowed");
            }

            // As Apache reads the file: the first line of a user counts.
            users.TryAdd(line[..colon].ToString(), ParseHash(hash, number));
        }

        return new HtpasswdFile(users.ToFrozenDictionary(StringComparer.Ordinal));
    }

    private static IPasswordHash ParseHash(string hash, int number)
    {
        if (hash.StartsWith("{SHA}", StringComparison.Ordinal))
        {
            var digest = new byte[20];
            return Convert.TryFromBase64String(hash[5..], digest, out var written) && written == digest.Length
                ? new Sha1Hash(digest)
                : throw Broken(number, "what follows {SHA} is the Base64 of a SHA-1 digest");
        }

        if (hash[0] == '$')
        {
            return ParseModular(hash, number);
        }

        if (hash.Length == 13 && hash.AsSpan().IndexOfAnyExcept(CryptAlphabet.Set) < 0)
        {
            // Taking it for a plain password would let in whoever knows the hash.
            throw Broken(number, "13 characters of the crypt alphabet look like a DES crypt hash, which is not supported; hash the password with `htpasswd -B`");
        }

        return new PlainHash(Encoding.UTF8.GetBytes(hash));
    }

    private static IPasswordHash ParseModular(string hash, int number)
    {
        var parts = hash.Split('$');
        switch (parts[1])
        {
            case "2y" or "2a" or "2b":
                return hash.Length == 60 && parts.Length == 4 && int.TryParse(parts[2], NumberStyles.None, CultureInfo.InvariantCulture, out var cost) && cost is >= 4 and <= MaxBcryptCost
                    ? new BcryptHash(hash)
                    : throw Broken(number, $"a bcrypt hash has 60 characters and a cost from 4 to {MaxBcryptCost}");
            case "apr1" or "1" when parts.Length == 4:
                var magic = $"${parts[1]}$";
                return new CryptHash(hash, password => Md5Crypt.Compute(password, magic, parts[2]));
            case "5" or "6" when parts.Length == 4:
                return new CryptHash(hash, password => ShaCrypt.Compute(password, parts[1] == "6", null, parts[2]));
            case "5" or "6" when parts.Length == 5 && parts[2].StartsWith("rounds=", StringComparison.Ordinal):
                return int.TryParse(parts[2].AsSpan(7), NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) && rounds is > 0 and <= ShaCrypt.MostRounds
                    ? new CryptHash(hash, password => ShaCrypt.Compute(password, parts[1] == "6", rounds, parts[3]))
                    : throw Broken(number, $"rounds are a number up to {ShaCrypt.MostRounds}");
            default:
                throw Broken(number, "the hash format is not known; use `htpasswd -B`");
        }
    }

    private static FormatException Broken(int line, string problem) => new($"htpasswd line {line}: {problem}");
}
