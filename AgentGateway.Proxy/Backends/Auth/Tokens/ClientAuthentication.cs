using System.Buffers;
using System.Text;
using System.Text.Json;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Proxy.Backends.Auth.Tokens;

/// <summary>How the gateway proves who it is at a token endpoint (RFC 6749 2.3, RFC 7523 2.2).</summary>
internal sealed class ClientAuthentication
{
    private static readonly TimeSpan AssertionLife = TimeSpan.FromSeconds(60);

    private readonly OAuthClientAuth _settings;
    private readonly JwtSigner? _signer;
    private readonly TimeProvider _time;

    /// <exception cref="FormatException">The signing key cannot be used.</exception>
    public ClientAuthentication(OAuthClientAuth settings, TimeProvider time)
    {
        _settings = settings;
        _time = time;
        if (settings.Method == OAuthClientAuthMethod.PrivateKeyJwt)
        {
            _signer = new JwtSigner(settings.SigningKey!.Reveal(), settings.Alg, settings.Kid, settings.Certificate?.Reveal(), settings.CertificateHeader);
        }
    }

    /// <summary>Adds what proves the client to the form or to the headers.</summary>
    public void Apply(HttpRequestMessage request, List<KeyValuePair<string, string>> form)
    {
        switch (_settings.Method)
        {
            case OAuthClientAuthMethod.ClientSecretBasic:
                var pair = Uri.EscapeDataString(_settings.ClientId) + ":" + Uri.EscapeDataString(_settings.ClientSecret?.Reveal() ?? "");
                request.Headers.TryAddWithoutValidation("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
                break;
            case OAuthClientAuthMethod.ClientSecretPost:
                form.Add(new("client_id", _settings.ClientId));
                if (_settings.ClientSecret is { } secret)
                {
                    form.Add(new("client_secret", secret.Reveal()));
                }

                break;
            case OAuthClientAuthMethod.PrivateKeyJwt:
                form.Add(new("client_id", _settings.ClientId));
                form.Add(new("client_assertion_type", "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"));
                form.Add(new("client_assertion", Assertion()));
                break;
        }
    }

    private string Assertion()
    {
        var now = _time.GetUtcNow().ToUnixTimeSeconds();
        var buffer = new ArrayBufferWriter<byte>(256);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("iss", _settings.ClientId);
            writer.WriteString("sub", _settings.ClientId);
            writer.WriteString("aud", _settings.AssertionAudience);
            writer.WriteString("jti", Guid.NewGuid().ToString());
            writer.WriteNumber("iat", now);
            writer.WriteNumber("exp", now + (long)AssertionLife.TotalSeconds);
            writer.WriteEndObject();
        }

        return _signer!.Sign(buffer.WrittenSpan);
    }
}
