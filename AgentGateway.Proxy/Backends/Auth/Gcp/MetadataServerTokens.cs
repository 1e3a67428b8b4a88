using System.Text;
using AgentGateway.Proxy.Backends.Auth.Tokens;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>The service account of the machine, the pod or the function that the gateway runs in, which the metadata server speaks for.</summary>
/// <param name="host">Host and port of the metadata server.</param>
/// <param name="project">Project that pays, or null.</param>
/// <param name="calls">Calls.</param>
internal sealed class MetadataServerTokens(string host, string? project, GcpCalls calls) : IGcpTokens
{
    public const string FlavorHeader = "Metadata-Flavor";
    public const string Flavor = "Google";

    private const string Account = "/computeMetadata/v1/instance/service-accounts/default/";
    private static readonly TimeSpan DefaultLife = TimeSpan.FromMinutes(5);

    public async Task<GcpToken> FetchAsync(string? audience, CancellationToken cancellationToken)
    {
        var path = audience is null ? "token" : $"identity?audience={Uri.EscapeDataString(audience)}&format=full";
        if (!Uri.TryCreate($"http://{host}{Account}{path}", UriKind.Absolute, out var address))
        {
            throw new BackendAuthException("GCE_METADATA_HOST is no host");
        }

        var answer = await calls.GetMetadataAsync(address, cancellationToken);
        if (answer.Header(FlavorHeader) != Flavor)
        {
            throw new BackendAuthException("no Google credentials: there is no file of them, and no metadata server of Google answers here");
        }

        if (audience is null)
        {
            return new GcpToken(TokenResponse.Read(answer.Status, answer.Body, DefaultLife, calls.Now), project);
        }

        return answer.Status == 200
            ? new GcpToken(TokenResponse.IdToken(Encoding.UTF8.GetString(answer.Body).Trim(), calls.Now))
            : throw new BackendAuthException($"the metadata server answered {answer.Status}");
    }
}
