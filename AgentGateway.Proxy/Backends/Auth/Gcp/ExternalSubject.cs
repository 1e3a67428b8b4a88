using System.Text;
using System.Text.Json;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>Where the token of the other provider is read, each time it is needed: a file that is kept fresh, or an address.</summary>
/// <param name="path">File, or null.</param>
/// <param name="address">Address when there is no file.</param>
/// <param name="headers">Headers for the address.</param>
/// <param name="field">Field of a JSON object that holds the token; null when it is the whole text.</param>
/// <param name="calls">Calls.</param>
internal sealed class ExternalSubject(string? path, Uri? address, IReadOnlyList<KeyValuePair<string, string>> headers, string? field, GcpCalls calls)
{
    public async Task<string> ReadAsync(CancellationToken cancellationToken)
    {
        byte[] bytes;
        if (path is not null)
        {
            bytes = await CredentialFiles.ReadAsync(path, "the file of credential_source", cancellationToken);
        }
        else
        {
            var answer = await calls.GetAsync(address!, headers, cancellationToken);
            bytes = answer.Status == 200 ? answer.Body : throw new BackendAuthException($"the credential source answered {answer.Status}");
        }

        var token = field is null ? Encoding.UTF8.GetString(bytes).Trim() : Field(bytes, field);
        return token.Length > 0 ? token : throw new BackendAuthException("the credential source gave no token");
    }

    private static string Field(byte[] json, string name)
    {
        try
        {
            var reader = new Utf8JsonReader(json);
            var root = JsonElement.ParseValue(ref reader);
            return root.ValueKind == JsonValueKind.Object && root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
        }
        catch (JsonException error)
        {
            throw new BackendAuthException("the credential source gave no JSON", error);
        }
    }
}
