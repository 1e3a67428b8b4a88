using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Proxy.Mcp.Sessions;

/// <summary>
/// Session identifiers that carry the state of the session (specification 2.2): a JSON object <c>{"t":"mcp","s":[{"t":target,"s":session}],"r":random}</c>
/// as base64url without padding, or, when <c>config.session.key</c> is set, encrypted with AES-256-GCM as standard base64 of nonce, ciphertext and tag.
/// The member <c>k</c> is our own: it ties the identifier to its backend also after a restart; so is <c>o</c>, which lists targets that were left out.
/// </summary>
internal sealed class SessionIdCodec
{
    private const int NonceBytes = 12;
    private const int TagBytes = 16;

    private readonly byte[]? _key;

    /// <param name="key">64 hexadecimal digits, or null for readable identifiers.</param>
    public SessionIdCodec(string? key) => _key = key is null ? null : Convert.FromHexString(key);

    /// <summary>Short digest of a backend's key.</summary>
    public static string DigestOf(string backendKey) => Base64Url.EncodeToString(SHA256.HashData(Encoding.UTF8.GetBytes(backendKey)).AsSpan(0, 9));

    public string Encode(SessionState state)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("t"u8, "mcp"u8);
            writer.WriteStartArray("s"u8);
            var isUnique = false;
            foreach (var (target, session) in state.Targets)
            {
                writer.WriteStartObject();
                writer.WriteString("t"u8, target);
                if (session is not null)
                {
                    isUnique = true;
                    writer.WriteString("s"u8, session);
                }

                writer.WriteEndObject();
            }

            writer.WriteEndArray();
            if (state.Backend is { } backend)
            {
                writer.WriteString("k"u8, backend);
            }

            if (state.LeftOut.Count > 0)
            {
                writer.WriteStartArray("o"u8);
                foreach (var target in state.LeftOut)
                {
                    writer.WriteStringValue(target);
                }

                writer.WriteEndArray();
            }

            if (!isUnique)
            {
                // Upstreams without sessions: two clients must still not share an identifier.
                Span<byte> random = stackalloc byte[16];
                RandomNumberGenerator.Fill(random);
                writer.WriteString("r"u8, Base64Url.EncodeToString(random));
            }

            writer.WriteEndObject();
        }

        return _key is null ? Base64Url.EncodeToString(buffer.WrittenSpan) : Encrypt(buffer.WrittenSpan, _key);
    }

    /// <summary>Reads an identifier; null when it is none of ours.</summary>
    public SessionState? Decode(string id)
    {
        if (id.Length > McpLimits.SessionIdCharacters)
        {
            return null;
        }

        var json = _key is null ? FromBase64Url(id) : Decrypt(id, _key);
        try
        {
            return json is null ? null : Parse(json);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            // Base64 that is no JSON: an identifier of somebody else.
            return null;
        }
    }

    private static SessionState? Parse(byte[] json)
    {
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = 8 });
        string? kind = null, backend = null;
        List<(string Target, string? UpstreamSession)>? targets = null;
        List<string> leftOut = [];
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            return null;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.GetString();
            reader.Read();
            switch (name)
            {
                case "t":
                    kind = reader.GetString();
                    break;
                case "k":
                    backend = reader.GetString();
                    break;
                case "s" when reader.TokenType == JsonTokenType.StartArray:
                    targets = ParseTargets(ref reader);
                    break;
                case "o" when reader.TokenType == JsonTokenType.StartArray:
                    while (reader.Read() && reader.TokenType == JsonTokenType.String && leftOut.Count < McpBackendSnapshot.MostTargets)
                    {
                        leftOut.Add(reader.GetString()!);
                    }

                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return kind == "mcp" && targets is not null ? new SessionState(targets, backend) { LeftOut = leftOut } : null;
    }

    private static List<(string Target, string? UpstreamSession)>? ParseTargets(ref Utf8JsonReader reader)
    {
        var targets = new List<(string Target, string? UpstreamSession)>();
        while (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
        {
            string? target = null, session = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var name = reader.GetString();
                reader.Read();
                if (name == "t")
                {
                    target = reader.GetString();
                }
                else if (name == "s")
                {
                    session = reader.GetString();
                }
                else
                {
                    reader.Skip();
                }
            }

            if (target is null || targets.Count == McpBackendSnapshot.MostTargets)
            {
                return null;
            }

            targets.Add((target, session));
        }

        return reader.TokenType == JsonTokenType.EndArray ? targets : null;
    }

    private static byte[]? FromBase64Url(string id)
    {
        var bytes = new byte[Base64Url.GetMaxDecodedLength(id.Length)];
        return Base64Url.DecodeFromChars(id, bytes, out _, out var length) == OperationStatus.Done ? bytes[..length] : null;
    }

    private static string Encrypt(ReadOnlySpan<byte> plain, byte[] key)
    {
        var sealedText = new byte[NonceBytes + plain.Length + TagBytes];
        RandomNumberGenerator.Fill(sealedText.AsSpan(0, NonceBytes));
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(sealedText.AsSpan(0, NonceBytes), plain, sealedText.AsSpan(NonceBytes, plain.Length), sealedText.AsSpan(NonceBytes + plain.Length));
        return Convert.ToBase64String(sealedText);
    }

    private static byte[]? Decrypt(string id, byte[] key)
    {
        var sealedText = new byte[id.Length];
        if (!Convert.TryFromBase64String(id, sealedText, out var length) || length < NonceBytes + TagBytes)
        {
            return null;
        }

        var plain = new byte[length - NonceBytes - TagBytes];
        using var aes = new AesGcm(key, TagBytes);
        try
        {
            aes.Decrypt(
                sealedText.AsSpan(0, NonceBytes),
                sealedText.AsSpan(NonceBytes, plain.Length),
                sealedText.AsSpan(NonceBytes + plain.Length, TagBytes),
                plain);
            return plain;
        }
        catch (AuthenticationTagMismatchException)
        {
            return null;
        }
    }
}
