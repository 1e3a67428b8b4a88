using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>What exports over OTLP take from the reference to their collector and from the policies of the connection to it.</summary>
internal static class CollectorTarget
{
    public const string PoliciesText = "Policies of the connection to the collector; it acts on `requestHeaderModifier`, and on `backendTLS` without settings.";

    /// <summary>Headers of each export. Of the policies of the connection, exporters act on headers and on plain TLS; others are reported.</summary>
    public static EquatableMap<Secret> Headers(ObjectReader r, EquatableArray<PolicySnapshot> policies, string what)
    {
        var headers = new OrderedDictionary<string, Secret>(StringComparer.OrdinalIgnoreCase);
        foreach (var policy in policies)
        {
            switch (policy)
            {
                case RequestHeaderModifier modifier:
                    foreach (var (name, value) in modifier.Headers.Add.Concat(modifier.Headers.Set))
                    {
                        headers[name] = new Secret(value);
                    }

                    break;
                case BackendTls tls when tls == new BackendTls():
                    break;
                default:
                    r.Context.NotSupportedYet(r.At("policies").Key(KeyOf(policy)), $"the exporter of {what} does not act on it");
                    break;
            }
        }

        return new EquatableMap<Secret>(headers, StringComparer.OrdinalIgnoreCase);
    }

    /// <summary>The address of a plain host; a named backend or a service gives only scheme and path here.</summary>
    public static Uri Endpoint(BackendReference target, EquatableArray<PolicySnapshot> policies, OtlpProtocol protocol, string path)
    {
        var scheme = target.Tls || policies.Any(static p => p is BackendTls) ? "https" : "http";
        var authority = target.Host is { UnixPath: null } host ? host.ToString() : "backend";
        var suffix = protocol == OtlpProtocol.Grpc ? "/" : path.StartsWith('/') ? path : "/" + path;
        return Uri.TryCreate($"{scheme}://{authority}{suffix}", UriKind.Absolute, out var uri) ? uri : new Uri("http://backend/");
    }

    private static string KeyOf(PolicySnapshot policy) => policy switch
    {
        BackendTls => "backendTLS",
        BackendAuth => "backendAuth",
        BackendHttp => "http",
        BackendTcp => "tcp",
        BackendTunnel => "backendTunnel",
        _ => "transformations",
    };
}
