using AgentGateway.Configuration.Snapshot;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Hosting;
using AgentGateway.Proxy.Policies.Callouts;
using AgentGateway.Proxy.Policies.Credentials;

namespace AgentGateway.Proxy.Backends.Auth.Gcp;

/// <summary>What credentials ask of token endpoints. Requests share the answers, so a call is nobody's span.</summary>
internal sealed class GcpCalls(GatewayServices services)
{
    private const string Subtype = "GcpToken";

    public DateTimeOffset Now => services.Time.GetUtcNow();

    public Task<CalloutResponse> PostFormAsync(Uri address, IEnumerable<KeyValuePair<string, string>> form, string? authorization, CancellationToken cancellationToken) =>
        PostAsync(address, FormText.Content(form), authorization, cancellationToken);

    public Task<CalloutResponse> PostJsonAsync(Uri address, ReadOnlyMemory<byte> json, string authorization, CancellationToken cancellationToken)
    {
        var content = new ReadOnlyMemoryContent(json);
        content.Headers.TryAddWithoutValidation("Content-Type", "application/json");
        return PostAsync(address, content, authorization, cancellationToken);
    }

    public async Task<CalloutResponse> GetAsync(Uri address, IEnumerable<KeyValuePair<string, string>> headers, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        return await SendAsync("the credential source", request, null, cancellationToken);
    }

    /// <summary>Asks the metadata server: on this network, so never through a proxy.</summary>
    public async Task<CalloutResponse> GetMetadataAsync(Uri address, CancellationToken cancellationToken)
    {
        var client = services.CalloutClients.Get(new TargetAddress(address.DnsSafeHost, address.Port), TransportOptions.Default);
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        request.Headers.TryAddWithoutValidation(MetadataServerTokens.FlavorHeader, MetadataServerTokens.Flavor);
        return await SendAsync("no Google credentials: there is no file of them, and the metadata server", request, client.Http, cancellationToken);
    }

    private async Task<CalloutResponse> PostAsync(Uri address, HttpContent content, string? authorization, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address) { Content = content };
        request.Headers.TryAddWithoutValidation("Accept", "application/json");
        if (authorization is not null)
        {
            request.Headers.TryAddWithoutValidation("Authorization", authorization);
        }

        return await SendAsync("the token endpoint", request, null, cancellationToken);
    }

    private async Task<CalloutResponse> SendAsync(string whom, HttpRequestMessage request, HttpMessageInvoker? through, CancellationToken cancellationToken)
    {
        try
        {
            return await services.Callouts.SendAsync(null, Subtype, request, cancellationToken, through);
        }
        catch (CalloutException error)
        {
            throw new BackendAuthException($"{whom} did not answer: {error.Message}", error);
        }
    }
}
