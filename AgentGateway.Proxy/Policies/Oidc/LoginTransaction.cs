using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Policies.Oidc;

/// <summary>A login under way: what the browser keeps, sealed, between the redirect to the provider and the callback.</summary>
/// <param name="State">Ties the callback to this browser.</param>
/// <param name="Nonce">Ties the id token to this login.</param>
/// <param name="Verifier">PKCE code verifier (RFC 7636).</param>
/// <param name="Target">Path and query to return to.</param>
/// <param name="ExpiresAt">End of the transaction, seconds of the epoch.</param>
internal sealed record LoginTransaction(string State, string Nonce, string Verifier, string Target, long ExpiresAt)
{
    /// <summary>How long a login may take.</summary>
    public static readonly TimeSpan Life = TimeSpan.FromMinutes(5);

    private const int LongestTarget = 1500;

    public static LoginTransaction Begin(string target, DateTimeOffset now) =>
        new(RandomText(), RandomText(), RandomText(), target.Length <= LongestTarget && target.StartsWith('/') ? target : "/", (now + Life).ToUnixTimeSeconds());

    /// <summary>PKCE challenge of the verifier, method S256.</summary>
    public string Challenge => Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    public byte[] Write()
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartArray();
            writer.WriteStringValue(State);
            writer.WriteStringValue(Nonce);
            writer.WriteStringValue(Verifier);
            writer.WriteStringValue(Target);
            writer.WriteNumberValue(ExpiresAt);
            writer.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Reads what <see cref="Write"/> wrote; it was sealed, so it is ours.</summary>
    public static LoginTransaction Read(byte[] content)
    {
        var reader = new Utf8JsonReader(content);
        var items = JsonElement.ParseValue(ref reader);
        return new(items[0].GetString()!, items[1].GetString()!, items[2].GetString()!, items[3].GetString()!, items[4].GetInt64());
    }

    private static string RandomText() => Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
}
