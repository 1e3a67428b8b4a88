using System.Buffers;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>Metadata of the authorization server as the gateway passes it on, with the edits that a provider needs.</summary>
internal static class ServerMetadata
{
    /// <summary>Writes the edited document.</summary>
    /// <param name="fetched">Metadata of the provider.</param>
    /// <param name="settings">Policy settings.</param>
    /// <param name="issuer">Issuer under which the gateway publishes it.</param>
    /// <param name="current">URL of this document at the gateway; endpoints that the gateway stands in for are below it.</param>
    public static byte[] Write(JsonObjectText fetched, McpAuthenticationSettings settings, string issuer, string current)
    {
        var provider = settings.Provider;
        var replaced = new Dictionary<string, string>(StringComparer.Ordinal);
        if (provider is not null)
        {
            replaced["issuer"] = issuer;
        }

        if (provider is McpIdentityProvider.Auth0 or McpIdentityProvider.Okta && settings.Audiences.Length > 0 && fetched.Text("authorization_endpoint") is { } endpoint)
        {
            // They know nothing of RFC 8707's `resource`; their `audience` does the same.
            replaced["authorization_endpoint"] = $"{endpoint}{(endpoint.Contains('?') ? '&' : '?')}audience={Uri.EscapeDataString(settings.Audiences[0])}";
        }

        if (settings.ClientId is not null || provider is McpIdentityProvider.Keycloak or McpIdentityProvider.Okta or McpIdentityProvider.Descope or McpIdentityProvider.Authentik or McpIdentityProvider.Entra)
        {
            replaced["registration_endpoint"] = current + McpEndpoints.RegistrationSuffix;
        }

        if (provider is McpIdentityProvider.Entra)
        {
            replaced["authorization_endpoint"] = current + McpEndpoints.AuthorizeSuffix;
            replaced["token_endpoint"] = current + McpEndpoints.TokenSuffix;
        }

        var buffer = new ArrayBufferWriter<byte>(2048);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            foreach (var member in fetched.Root.EnumerateObject())
            {
                if (replaced.Remove(member.Name, out var value))
                {
                    writer.WriteString(member.Name, value);
                }
                else
                {
                    member.WriteTo(writer);
                }
            }

            foreach (var (name, value) in replaced)
            {
                writer.WriteString(name, value);
            }

            writer.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }
}
