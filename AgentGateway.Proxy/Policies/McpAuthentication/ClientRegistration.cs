using System.Buffers;
using System.Text.Json;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>The answer to a dynamic client registration (RFC 7591) when the client is fixed by configuration.</summary>
internal static class ClientRegistration
{
    /// <summary>Echoes the request with the configured client; null when the request is no JSON object.</summary>
    public static byte[]? Answer(ReadOnlySpan<byte> request, string clientId, string? clientSecret, DateTimeOffset now)
    {
        JsonElement root;
        try
        {
            var reader = new Utf8JsonReader(request, new JsonReaderOptions { MaxDepth = 16 });
            root = JsonElement.ParseValue(ref reader);
        }
        catch (JsonException)
        {
            return null;
        }

        if (root.ValueKind != JsonValueKind.Object)
        {
            return null;
        }

        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("client_id", clientId);
            writer.WriteNumber("client_id_issued_at", now.ToUnixTimeSeconds());
            if (clientSecret is not null)
            {
                writer.WriteString("client_secret", clientSecret);
                writer.WriteNumber("client_secret_expires_at", 0);
            }

            foreach (var member in root.EnumerateObject())
            {
                if (member.Name is not ("client_id" or "client_id_issued_at" or "client_secret" or "client_secret_expires_at" or "token_endpoint_auth_method"))
                {
                    member.WriteTo(writer);
                }
            }

            if (!root.TryGetProperty("redirect_uris", out _))
            {
                writer.WriteStartArray("redirect_uris");
                writer.WriteEndArray();
            }

            writer.WriteString("token_endpoint_auth_method", clientSecret is null ? "none" : "client_secret_post");
            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
