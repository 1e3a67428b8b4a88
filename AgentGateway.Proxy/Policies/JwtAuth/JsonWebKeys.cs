using System.Collections.Frozen;
using System.Text.Json;
using Microsoft.IdentityModel.Tokens;

namespace AgentGateway.Proxy.Policies.JwtAuth;

/// <summary>
/// The keys of a JSON Web Key Set (RFC 7517) that can verify a token, by <c>kid</c>. Keys for encryption, symmetric keys, keys without
/// <c>kid</c> and keys of unknown types are left out: a set may hold keys that are meant for others. Keys of one <c>kid</c> are told apart by what
/// they can verify.
/// </summary>
internal sealed class JsonWebKeys
{
    private const int MaxDepth = 16;
    private const int MaxKeys = 1_000;
    private static readonly string[] RsaAlgorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512"];
    private static readonly string[] P256Algorithms = ["ES256"];
    private static readonly string[] P384Algorithms = ["ES384"];
    private static readonly string[] Ed25519Algorithms = [EdDsaSecurityKey.Algorithm];

    private readonly FrozenDictionary<string, VerificationKey[]> _keys;

    private JsonWebKeys(FrozenDictionary<string, VerificationKey[]> keys, int total)
    {
        _keys = keys;
        Total = total;
    }

    public static JsonWebKeys Empty { get; } = new(FrozenDictionary<string, VerificationKey[]>.Empty, 0);

    /// <summary>Number of all keys of the set, those that verify nothing among them.</summary>
    public int Total { get; }

    public int Count => _keys.Count;

    /// <summary>The key of that id, the one that verifies signatures of the algorithm if there are several; null when the set has no such id.</summary>
    public VerificationKey? Find(string keyId, string? algorithm)
    {
        if (!_keys.TryGetValue(keyId, out var candidates))
        {
            return null;
        }

        foreach (var candidate in candidates)
        {
            if (Array.IndexOf(candidate.Algorithms, algorithm) >= 0)
            {
                return candidate;
            }
        }

        return candidates[0];
    }

    /// <summary>Parses a key set.</summary>
    /// <exception cref="FormatException">The text is no JSON Web Key Set, or a key in it that should be usable is broken.</exception>
    public static JsonWebKeys Parse(ReadOnlyMemory<byte> json)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException error)
        {
            // The parser's own words repeat what it found.
            throw new FormatException($"a JSON Web Key Set is a JSON object with the list `keys`; this is no JSON after byte {error.BytePositionInLine} of its line {error.LineNumber + 1}", error);
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object ||
                !document.RootElement.TryGetProperty("keys", out var list) || list.ValueKind != JsonValueKind.Array)
            {
                throw new FormatException("a JSON Web Key Set is a JSON object with the list `keys`");
            }

            if (list.GetArrayLength() > MaxKeys)
            {
                throw new FormatException($"a JSON Web Key Set may hold at most {MaxKeys} keys");
            }

            var keys = new Dictionary<string, VerificationKey[]>(StringComparer.Ordinal);
            foreach (var entry in list.EnumerateArray())
            {
                if (entry.ValueKind == JsonValueKind.Object && Text(entry, "kid") is { } keyId && Text(entry, "use") is null or "sig" && Read(entry, keyId) is { } key)
                {
                    keys[keyId] = keys.TryGetValue(keyId, out var others) ? [.. others, key] : [key];
                }
            }

            return new JsonWebKeys(keys.ToFrozenDictionary(StringComparer.Ordinal), list.GetArrayLength());
        }
    }

    private static VerificationKey? Read(JsonElement entry, string keyId)
    {
        var (key, algorithms) = (Text(entry, "kty"), Text(entry, "crv")) switch
        {
            ("RSA", _) => (Rsa(entry, keyId), RsaAlgorithms),
            ("EC", "P-256") => (Curve(entry, keyId, 32), P256Algorithms),
            ("EC", "P-384") => (Curve(entry, keyId, 48), P384Algorithms),
            ("OKP", "Ed25519") => (EdDsaSecurityKey.TryCreate(Bytes(entry, "x", keyId), keyId) ?? throw Broken(keyId, "x"), Ed25519Algorithms),
            _ => ((SecurityKey?)null, RsaAlgorithms),
        };
        if (key is null)
        {
            return null;
        }

        if (Text(entry, "alg") is { } algorithm)
        {
            // A key for an algorithm that its type does not have, or that verifies nothing (RSA-OAEP), verifies no token.
            return Array.IndexOf(algorithms, algorithm) < 0 ? null : new VerificationKey(key, [algorithm]);
        }

        return new VerificationKey(key, algorithms);
    }

    private static RsaSecurityKey Rsa(JsonElement entry, string keyId) =>
        new(new System.Security.Cryptography.RSAParameters { Modulus = Bytes(entry, "n", keyId), Exponent = Bytes(entry, "e", keyId) }) { KeyId = keyId };

    private static JsonWebKey Curve(JsonElement entry, string keyId, int coordinateLength)
    {
        var x = Bytes(entry, "x", keyId);
        var y = Bytes(entry, "y", keyId);
        if (x.Length != coordinateLength || y.Length != coordinateLength)
        {
            throw Broken(keyId, "x` or `y");
        }

        return new JsonWebKey { Kty = "EC", Crv = Text(entry, "crv"), X = Text(entry, "x"), Y = Text(entry, "y"), Kid = keyId };
    }

    private static byte[] Bytes(JsonElement entry, string name, string keyId)
    {
        try
        {
            return Text(entry, name) is { Length: > 0 } text ? Base64UrlEncoder.DecodeBytes(text) : throw Broken(keyId, name);
        }
        catch (FormatException)
        {
            throw Broken(keyId, name);
        }
    }

    private static FormatException Broken(string keyId, string member) => new($"key \"{keyId}\" of the JSON Web Key Set has a missing or broken `{member}`");

    private static string? Text(JsonElement entry, string name) =>
        entry.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
