using System.Buffers;
using System.Text.Json;
using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>A service account that another credential may act as: the IAM Credentials API gives its tokens.</summary>
/// <param name="own">The credential that calls.</param>
/// <param name="endpoint">Address of the method <c>generateAccessToken</c> of the account.</param>
/// <param name="delegates">Accounts in between.</param>
/// <param name="project">Project that pays, or null.</param>
/// <param name="calls">Calls.</param>
internal sealed class ImpersonatedTokens(IGcpTokens own, Uri endpoint, string[] delegates, string? project, GcpCalls calls) : IGcpTokens
{
    private const string AccessMethod = ":generateAccessToken";

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        var address = endpoint;
        if (audience is not null)
        {
            var text = endpoint.OriginalString;
            address = text.EndsWith(AccessMethod, StringComparison.Ordinal)
                ? new Uri(text[..^AccessMethod.Length] + ":generateIdToken")
                : throw new BackendAuthException("service_account_impersonation_url of the Google credential does not end in " + AccessMethod);
        }

        var caller = await own.FetchAsync(null, cancellationToken);
        var answer = await calls.PostJsonAsync(address, Body(audience), "Bearer " + caller.Token.Token, cancellationToken);
        return audience is null
            ? new GcpToken(TokenResponse.Read(answer.Status, answer.Body, "accessToken", "expireTime", calls.Now), project)
            : new GcpToken(TokenResponse.ReadIdToken(answer.Status, answer.Body, "token", calls.Now));
    }

    private ReadOnlyMemory<byte> Body(string? audience)
    {
        var body = new ArrayBufferWriter<byte>(256);
        using var writer = new Utf8JsonWriter(body);
        writer.WriteStartObject();
        writer.WriteStartArray("delegates");
        foreach (var account in delegates)
        {
            writer.WriteStringValue(account);
        }

        writer.WriteEndArray();
        if (audience is null)
        {
            writer.WriteStartArray("scope");
            writer.WriteStringValue(IGcpTokens.Scope);
            writer.WriteEndArray();
            writer.WriteString("lifetime", "3600s");
        }
        else
        {
            writer.WriteString("audience", audience);
            writer.WriteBoolean("includeEmail", true);
        }

        writer.WriteEndObject();
        writer.Flush();
        return body.WrittenMemory;
    }
}
