using System.Buffers;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>The key of a service account: it signs a grant (RFC 7523), which the token endpoint turns into a token.</summary>
internal sealed class ServiceAccountTokens : IGcpTokens
{
    // The longest life that Google takes.
    private const int LifeSeconds = 3600;

    private readonly string _email;
    private readonly JwtSigner _signer;
    private readonly Uri _endpoint;
    private readonly string? _project;
    private readonly GcpCalls _calls;

    /// <exception cref="FormatException">The key cannot be used.</exception>
    public ServiceAccountTokens(string email, string privateKey, string? keyId, Uri endpoint, string? project, GcpCalls calls)
    {
        _email = email;
        _endpoint = endpoint;
        _project = project;
        _calls = calls;
        try
        {
            _signer = new JwtSigner(privateKey, JwtSigningAlgorithm.RS256, keyId);
        }
        catch (FormatException)
        {
            throw new FormatException("private_key of the Google credential is no PEM private key for RS256");
        }
    }

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        KeyValuePair<string, string>[] form = [new("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"), new("assertion", Grant(audience))];
        var answer = await _calls.PostFormAsync(_endpoint, form, null, cancellationToken);
        return audience is null
            ? new GcpToken(TokenResponse.Read(answer.Status, answer.Body, TimeSpan.FromSeconds(LifeSeconds), _calls.Now), _project)
            : new GcpToken(TokenResponse.ReadIdToken(answer.Status, answer.Body, "id_token", _calls.Now));
    }

    private string Grant(string? audience)
    {
        var now = _calls.Now.ToUnixTimeSeconds();
        var claims = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(claims))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", _email);
            writer.WriteString("sub", _email);
            writer.WriteString("aud", _endpoint.OriginalString);
            writer.WriteString(audience is null ? "scope" : "target_audience", audience ?? IGcpTokens.Scope);
            writer.WriteNumber("iat", now);
            writer.WriteNumber("exp", now + LifeSeconds);
            writer.WriteEndObject();
        }

        return _signer.Sign(claims.WrittenSpan);
    }
}
