using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>
/// Reads the JSON files that Google Cloud keeps credentials in, by their <c>type</c>: keys of service accounts, logins of users, impersonation and
/// federation (cloud.google.com/docs/authentication, google.aip.dev/auth). Errors never quote a value.
/// </summary>
internal static class GcpCredentialFile
{
    private const string DefaultTokenAddress = "https://oauth2.googleapis.com/token";

    // Impersonation stands on another credential, which Google's tools let be one level deep.
    private const int MaxDepth = 2;

    /// <summary>Reads a credential.</summary>
    /// <exception cref="FormatException">It is none, or of a kind that cannot be used.</exception>
    public static IGcpTokens Read(string json, GcpCalls calls)
    {
        try
        {
            var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
            return Read(JsonElement.ParseValue(ref reader), calls, 1);
        }
        catch (JsonException)
        {
            throw new FormatException("a Google credential is a JSON object");
        }
    }

    private static IGcpTokens Read(JsonElement file, GcpCalls calls, int depth)
    {
        if (file.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("a Google credential is a JSON object");
        }

        var project = Optional(file, "quota_project_id");
        return Required(file, "type") switch
        {
            "service_account" => new ServiceAccountTokens(
                Required(file, "client_email"), Required(file, "private_key"), Optional(file, "private_key_id"), TokenAddress(file, "token_uri"), project, calls),
            "authorized_user" => new AuthorizedUserTokens(
                Required(file, "client_id"), Required(file, "client_secret"), Required(file, "refresh_token"), TokenAddress(file, "token_uri"), project, calls),
            "impersonated_service_account" when depth < MaxDepth => new ImpersonatedTokens(
                Read(Child(file, "source_credentials"), calls, depth + 1), Address(Required(file, "service_account_impersonation_url"), "service_account_impersonation_url"),
                Texts(file, "delegates"), project, calls),
            "external_account" => ReadExternal(file, project, calls),
            "impersonated_service_account" => throw new FormatException("a Google credential impersonates one service account, not a chain of them; use delegates"),
            _ => throw new FormatException("the type of the Google credential is not supported; use service_account, authorized_user, impersonated_service_account or external_account"),
        };
    }

    private static IGcpTokens ReadExternal(JsonElement file, string? project, GcpCalls calls)
    {
        var source = Child(file, "credential_source");
        if (!source.TryGetProperty("file", out _) && !source.TryGetProperty("url", out _))
        {
            throw new FormatException("credential_source of the Google credential needs file or url; programs, certificates and AWS as source are not supported");
        }

        string? field = null;
        if (source.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.Object && Optional(format, "type") == "json")
        {
            field = Required(format, "subject_token_field_name");
        }

        var path = Optional(source, "file");
        var headers = new List<KeyValuePair<string, string>>();
        if (path is null && source.TryGetProperty("headers", out var given) && given.ValueKind == JsonValueKind.Object)
        {
            foreach (var header in given.EnumerateObject())
            {
                headers.Add(new(header.Name, header.Value.ValueKind == JsonValueKind.String ? header.Value.GetString()! : throw new FormatException("headers of credential_source are text")));
            }
        }

        var account = new ExternalAccountTokens(
            new ExternalSubject(path, path is null ? Address(Required(source, "url"), "credential_source.url") : null, headers, field, calls),
            Required(file, "audience"),
            Required(file, "subject_token_type"),
            Address(Required(file, "token_url"), "token_url"),
            Optional(file, "client_id") is { } id ? "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes($"{id}:{Optional(file, "client_secret")}")) : null,
            Optional(file, "workforce_pool_user_project"),
            project,
            calls);
        return Optional(file, "service_account_impersonation_url") is { } impersonation
            ? new ImpersonatedTokens(account, Address(impersonation, "service_account_impersonation_url"), [], project, calls)
            : account;
    }

    private static Uri TokenAddress(JsonElement file, string name) => Address(Optional(file, name) ?? DefaultTokenAddress, name);

    private static Uri Address(string text, string name) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Scheme is "https" or "http" && address.UserInfo.Length == 0
            ? address
            : throw new FormatException($"{name} of the Google credential is no address");

    private static JsonElement Child(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var child) && child.ValueKind == JsonValueKind.Object ? child : throw Missing(name);

    private static string Required(JsonElement parent, string name) => Optional(parent, name) ?? throw Missing(name);

    private static string? Optional(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text ? text : null;

    private static string[] Texts(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Array
            ? [.. value.EnumerateArray().Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : throw Missing(name))]
            : [];

    private static FormatException Missing(string name) => new(string.Create(CultureInfo.InvariantCulture, $"the Google credential has no usable {name}"));
}
