using System.Buffers;
using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>The protected resource metadata (RFC 9728) that is published for an MCP endpoint.</summary>
internal sealed class ResourceMetadata
{
    private readonly List<(string Name, JsonElement Value)> _members = [];

    public ResourceMetadata(string json)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        foreach (var member in JsonElement.ParseValue(ref reader).EnumerateObject())
        {
            _members.Add((SnakeCase(member.Name), member.Value));
        }

        foreach (var (name, value) in _members)
        {
            if (name == "resource" && value.ValueKind == JsonValueKind.String &&
                Uri.TryCreate(value.GetString(), UriKind.Absolute, out var resource) && resource.Scheme is "http" or "https")
            {
                Origin = resource.GetLeftPart(UriPartial.Authority);
            }
        }
    }

    /// <summary>Scheme and authority of the configured resource, or null.</summary>
    public string? Origin { get; }

    /// <summary>Writes the document.</summary>
    /// <param name="resource">URL of the endpoint, unless the configuration says another.</param>
    /// <param name="authorizationServer">Issuer that clients shall use.</param>
    public byte[] Write(string resource, string authorizationServer)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in _members)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            if (!Has("resource"))
            {
                writer.WriteString("resource", resource);
            }

            if (!Has("authorization_servers"))
            {
                writer.WriteStartArray("authorization_servers");
                writer.WriteStringValue(authorizationServer);
                writer.WriteEndArray();
            }

            if (!Has("mcp_protocol_version"))
            {
                writer.WriteString("mcp_protocol_version", "2025-06-18");
            }

            if (!Has("resource_type"))
            {
                writer.WriteString("resource_type", "mcp-server");
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    private bool Has(string name)
    {
        foreach (var (member, _) in _members)
        {
            if (member == name)
            {
                return true;
            }
        }

        return false;
    }

    // `scopesSupported` is published as `scopes_supported`.
    private static string SnakeCase(string name)
    {
        var text = new StringBuilder(name.Length + 4);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterUpper(c))
            {
                if (text.Length > 0 && text[^1] != '_')
                {
                    text.Append('_');
                }

                text.Append(char.ToLowerInvariant(c));
            }
            else
            {
                text.Append(c);
            }
        }

        return text.ToString();
    }
}
