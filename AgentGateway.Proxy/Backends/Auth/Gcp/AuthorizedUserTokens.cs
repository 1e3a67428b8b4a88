using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>The login of a user, as <c>gcloud auth application-default login</c> leaves it: a refresh token (RFC 6749 6).</summary>
internal sealed class AuthorizedUserTokens(string clientId, string clientSecret, string refreshToken, Uri endpoint, string? project, GcpCalls calls) : IGcpTokens
{
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        if (audience is not null)
        {
            // Its identity tokens are always for the client of the login.
            throw new BackendAuthException("the login of a user gives no identity token for an audience; use a service account, or impersonate one");
        }

        KeyValuePair<string, string>[] form =
        [
            new("grant_type", "refresh_token"), new("client_id", clientId), new("client_secret", clientSecret), new("refresh_token", refreshToken),
        ];
        var answer = await calls.PostFormAsync(endpoint, form, null, cancellationToken);
        return new GcpToken(TokenResponse.Read(answer.Status, answer.Body, DefaultLife, calls.Now), project);
    }
}
