using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>Tokens with fixed claims and a short life. The token of one second serves all requests of that second: it would be the same one.</summary>
internal sealed class SignedTokens(JwtSigner signer, string claimsJson, TimeSpan life, TimeProvider time)
{
    private readonly byte[] _claims = Encoding.UTF8.GetBytes(claimsJson);
    private volatile Minted? _last;

    public string Get()
    {
        var now = time.GetUtcNow().ToUnixTimeSeconds();
        if (_last is { } last && last.Second == now)
        {
            return last.Token;
        }

        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            var reader = new Utf8JsonReader(_claims);
            foreach (var claim in JsonElement.ParseValue(ref reader).EnumerateObject())
            {
                claim.WriteTo(writer);
            }

            writer.WriteNumber("iat", now);
            writer.WriteNumber("exp", now + (long)life.TotalSeconds);
            writer.WriteEndObject();
        }

        var token = signer.Sign(buffer.WrittenSpan);
        _last = new Minted(now, token);
        return token;
    }

    private sealed record Minted(long Second, string Token);
}
