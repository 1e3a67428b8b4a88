using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Policies.McpAuthentication;

/// <summary>Where the documents of an authorization server are, by provider.</summary>
internal static class AuthorizationServer
{
    /// <summary>Address of the key set when the configuration names none.</summary>
    public static Uri DefaultJwks(string issuer, McpIdentityProvider? provider)
    {
        var trimmed = issuer.TrimEnd('/');
        return new Uri(provider switch
        {
            McpIdentityProvider.Keycloak => trimmed + "/protocol/openid-connect/certs",
            McpIdentityProvider.Authentik => trimmed + "/jwks/",
            McpIdentityProvider.Entra => $"https://login.microsoftonline.com/{EntraTenant(trimmed)}/discovery/v2.0/keys",
            _ => trimmed + "/.well-known/jwks.json",
        });
    }

    /// <summary>
    /// Addresses at which its metadata may be: RFC 8414 puts the well-known part before the path of the issuer, many providers after it,
    /// and some only have OpenID discovery. The usual one of the provider comes first. None for an issuer that is no URL.
    /// </summary>
    public static Uri[] MetadataAddresses(string issuer, McpIdentityProvider? provider)
    {
        var trimmed = issuer.TrimEnd('/');
        if (!Uri.TryCreate(trimmed, UriKind.Absolute, out var root) || root.Scheme is not ("http" or "https"))
        {
            return [];
        }

        var path = root.AbsolutePath.TrimEnd('/');
        var standard = root.GetLeftPart(UriPartial.Authority) + "/.well-known/oauth-authorization-server" + path;
        var appended = trimmed + "/.well-known/oauth-authorization-server";
        var discovery = trimmed + "/.well-known/openid-configuration";
        string[] order = provider switch
        {
            null => [standard, appended, discovery],
            McpIdentityProvider.Descope or McpIdentityProvider.Authentik or McpIdentityProvider.Entra => [discovery, appended, standard],
            _ => [appended, discovery, standard],
        };
        var addresses = new List<Uri>();
        foreach (var text in order)
        {
            var address = new Uri(text);
            if (!addresses.Contains(address))
            {
                addresses.Add(address);
            }
        }

        return [.. addresses];
    }

    /// <summary>Parses metadata; the caller disposes of nothing, the document is detached.</summary>
    /// <exception cref="FormatException">It is no JSON object with an issuer.</exception>
    public static JsonObjectText ParseMetadata(ReadOnlyMemory<byte> body)
    {
        try
        {
            var reader = new Utf8JsonReader(body.Span, new JsonReaderOptions { MaxDepth = 32 });
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty("issuer", out _)
                ? new JsonObjectText(root)
                : throw new FormatException("authorization server metadata is a JSON object with `issuer`");
        }
        catch (JsonException error)
        {
            throw new FormatException("authorization server metadata is a JSON object: " + error.Message, error);
        }
    }

    // Issuers are https://login.microsoftonline.com/<tenant>/v2.0 or https://sts.windows.net/<tenant>.
    private static string EntraTenant(string issuer)
    {
        var segments = new Uri(issuer).AbsolutePath.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return segments.Length == 0 ? "common" : segments[0];
    }
}
