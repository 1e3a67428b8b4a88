using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;
using AgentGateway.Configuration.Snapshot.Static;
using AgentGateway.Proxy.Backends.Transport;
using AgentGateway.Proxy.Policies;

namespace AgentGateway.Proxy.Routing;

/// <summary>
/// Compiles <c>backendTunnel</c>. The tunnel is a connection that requests share, so only those policies of the proxy act that need no request:
/// TLS, TCP, fixed header fields, fixed keys.
/// </summary>
internal static class BackendTunnels
{
    /// <exception cref="PolicySettingsException">The proxy is no host, or a policy needs a request.</exception>
    public static TunnelOptions Compile(BackendTunnel tunnel, UpstreamSettings settings, GatewaySnapshot snapshot)
    {
        var named = tunnel.Proxy.Backend is { } name
            ? snapshot.Backends.TryGetValue(name, out var found) && found is HostBackendSnapshot host ? host : throw Refuse($"the proxy {name} is no host backend")
            : null;
        if (tunnel.Proxy.Service is not null)
        {
            throw Refuse("the proxy cannot be a service; use host or backend");
        }

        var policies = PolicySets.Merge(tunnel.Proxy.Tls ? [new BackendTls()] : [], named?.Policies ?? [], tunnel.Policies);
        var headers = new List<KeyValuePair<string, string>>();
        foreach (var policy in policies)
        {
            switch (policy)
            {
                case BackendTls or BackendTcp:
                    break;
                case RequestHeaderModifier { Headers: var edits }:
                    headers.AddRange(edits.Add);
                    headers.AddRange(edits.Set);
                    break;
                case BackendAuth auth:
                    AddCredentials(auth, headers);
                    break;
                default:
                    throw Refuse($"{policy.Kind.Name} is not supported in the policies of a proxy");
            }
        }

        return new TunnelOptions
        {
            Identity = (tunnel, named),
            Proxy = named?.Target ?? tunnel.Proxy.Host!,
            Connection = BackendTransports.Compile(settings, policies, snapshot),
            Headers = [.. headers],
        };
    }

    private static void AddCredentials(BackendAuth auth, List<KeyValuePair<string, string>> headers)
    {
        if (auth.Passthrough is not null || auth.JwtSign is not null || auth.OAuthTokenExchange is not null || auth.Aws is not null || auth.Gcp is not null || auth.Azure is not null)
        {
            throw Refuse("only key and credentials authenticate to a proxy");
        }

        if (auth.Key is { } key)
        {
            Add(key.Location, key.Value.Reveal(), headers);
        }

        foreach (var credential in auth.Credentials)
        {
            Add(credential.Location, credential.Key.Reveal(), headers);
        }
    }

    // A proxy looks for its own credentials in a field of its own (RFC 9110, 11.7.1).
    private static void Add(AuthorizationLocation? location, string key, List<KeyValuePair<string, string>> headers)
    {
        var header = location is null ? new HeaderLocation("Proxy-Authorization", "Bearer ") : location.Header ?? throw Refuse("a key for a proxy stands in a header");
        headers.Add(new(header.Name, header.Prefix + key));
    }

    private static PolicySettingsException Refuse(string problem) => new("backendTunnel", problem, null);
}
