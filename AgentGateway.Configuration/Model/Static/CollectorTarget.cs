using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>What exports over OTLP take from the reference to their collector and from the policies of the connection to it.</summary>
/// <param name="Target">The collector.</param>
/// <param name="Protocol">Wire protocol.</param>
/// <param name="Endpoint">Address that is posted to.</param>
/// <param name="Headers">Headers of each export.</param>
/// <param name="Policies">Policies of the connection, as they were read.</param>
internal sealed record CollectorTarget(
    BackendReference Target, OtlpProtocol Protocol, Uri Endpoint, EquatableMap<Secret> Headers, EquatableArray<PolicySnapshot> Policies)
{
    /// <summary>Reads the keys that the exports share.</summary>
    /// <param name="r">The section.</param>
    /// <param name="what">What is exported, for messages.</param>
    /// <param name="defaultPath">Path of an HTTP export.</param>
    public static CollectorTarget Read(ObjectReader r, string what, string defaultPath)
    {
        var target = BackendReference.ReadInline(r);
        if (target.Service is not null)
        {
            r.NotSupportedYet("service");
        }

        var protocol = r.Value("protocol", TracingShape.Protocol, OtlpProtocol.Grpc, "Wire protocol.", "grpc");
        var path = r.Value("path", Shapes.NonEmptyText, defaultPath, "Path of an HTTP export.", defaultPath);
        var policies = r.Value(
            "policies", PolicySetShapes.Target, [], "Policies of the connection to the collector; it acts on `requestHeaderModifier`, and on `backendTLS` without settings.", "{}");
        return new CollectorTarget(target, protocol, AddressOf(target, policies, protocol, path), HeadersOf(r, policies, what), policies);
    }

    // Of the policies of the connection, exporters act on headers and on plain TLS; others are reported.
    private static EquatableMap<Secret> HeadersOf(ObjectReader r, EquatableArray<PolicySnapshot> policies, string what)
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

    // The address of a plain host; a named backend or a service gives only scheme and path here.
    private static Uri AddressOf(BackendReference target, EquatableArray<PolicySnapshot> policies, OtlpProtocol protocol, string path)
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
