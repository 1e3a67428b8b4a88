using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;
using AgentGateway.Configuration;
using ApiKeySettings = AgentGateway.Configuration.Snapshot.Policies.ApiKey;

namespace AgentGateway.Proxy.Policies.ApiKey;

/// <summary>
/// Known API keys by their SHA-256. Looking a key up by its hash takes a time that says nothing about how near a guess came; the full hash is
/// compared in constant time besides.
/// </summary>
internal sealed class ApiKeyTable
{
    /// <summary>Longest key that is looked at, in bytes of UTF-8.</summary>
    public const int MaxKeyLength = 4096;

    private readonly FrozenDictionary<UInt128, Entry[]> _entries;

    public ApiKeyTable(EquatableArray<ApiKeySettings> keys)
    {
        var entries = new Dictionary<UInt128, Entry[]>();
        foreach (var key in keys)
        {
            var hash = key.Key is { } secret ? SHA256.HashData(Encoding.UTF8.GetBytes(secret.Reveal())) : Convert.FromHexString(HexOf(key.KeyHash!));
            var index = IndexOf(hash);
            Entry entry = new(hash, key);
            entries[index] = entries.TryGetValue(index, out var others) ? [.. others, entry] : [entry];
        }

        _entries = entries.ToFrozenDictionary();
    }

    /// <summary>The identity of a key, or null when it is not known.</summary>
    public ApiKeyIdentity? Find(ReadOnlySpan<char> key)
    {
        var longest = Encoding.UTF8.GetMaxByteCount(key.Length);
        if (key.Length > MaxKeyLength)
        {
            return null;
        }

        byte[]? rented = null;
        var buffer = longest <= 512 ? stackalloc byte[512] : rented = ArrayPool<byte>.Shared.Rent(longest);
        var bytes = buffer[..Encoding.UTF8.GetBytes(key, buffer)];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(bytes, hash);
        bytes.Clear();
        if (rented is not null)
        {
            ArrayPool<byte>.Shared.Return(rented);
        }

        if (_entries.TryGetValue(IndexOf(hash), out var candidates))
        {
            foreach (var candidate in candidates)
            {
                if (CryptographicOperations.FixedTimeEquals(candidate.Hash, hash))
                {
                    return candidate.Identity ??= candidate.Recognise(key);
                }
            }
        }

        return null;
    }

    // The configuration's form is sha256:<hex>; what is kept may be the bare hexadecimal text.
    private static string HexOf(string keyHash) => keyHash[(keyHash.IndexOf(':') + 1)..];

    private static UInt128 IndexOf(ReadOnlySpan<byte> hash) => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(hash);

    private sealed class Entry(byte[] hash, ApiKeySettings settings)
    {
        public readonly byte[] Hash = hash;

        /// <summary>Made on first use: of a key given by its hash the text is only known then.</summary>
        public ApiKeyIdentity? Identity;

        public ApiKeyIdentity Recognise(ReadOnlySpan<char> key) =>
            new(key.ToString(), Encoding.UTF8.GetBytes((settings.Metadata ?? JsonText.EmptyObject).Json), (settings.AllowedModels ?? []).ToImmutableArray());
    }
}
