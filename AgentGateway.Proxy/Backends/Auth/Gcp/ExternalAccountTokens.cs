using System.Text.Encodings.Web;
using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>An identity of another provider (workload identity federation): the security token service exchanges its token (RFC 8693).</summary>
internal sealed class ExternalAccountTokens(
    ExternalSubject subject, string pool, string subjectType, Uri endpoint, string? authorization, string? userProject, string? project, GcpCalls calls) : IGcpTokens
{
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        if (audience is not null)
        {
            throw new BackendAuthException("a federated identity gives no identity token; set service_account_impersonation_url in the Google credential");
        }

        var form = new List<KeyValuePair<string, string>>
        {
            new("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"),
            new("audience", pool),
            new("scope", IGcpTokens.Scope),
            new("requested_token_type", "urn:ietf:params:oauth:token-type:access_token"),
            new("subject_token", await subject.ReadAsync(cancellationToken)),
            new("subject_token_type", subjectType),
        };
        if (userProject is not null && authorization is null)
        {
            form.Add(new("options", $$"""{"userProject":"{{JavaScriptEncoder.Default.Encode(userProject)}}"}"""));
        }

        var answer = await calls.PostFormAsync(endpoint, form, authorization, cancellationToken);
        return new GcpToken(TokenResponse.Read(answer.Status, answer.Body, DefaultLife, calls.Now), project);
    }
}
