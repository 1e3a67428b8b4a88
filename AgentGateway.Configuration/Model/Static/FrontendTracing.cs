using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>The <c>frontendPolicies.tracing</c> section.</summary>
internal static class FrontendTracing
{
    public static Shape<TracingSnapshot> Shape { get; } = Shapes.Object("Tracing", "Export of request traces over OTLP.", Read);

    private static TracingSnapshot Read(ObjectReader r)
    {
        var target = BackendReference.ReadInline(r);
        if (target.Service is not null)
        {
            r.NotSupportedYet("service");
        }

        var protocol = r.Value("protocol", TracingShape.Protocol, OtlpProtocol.Grpc, "Wire protocol.", "grpc");
        var path = r.Value("path", Shapes.NonEmptyText, "/v1/traces", "Path of an HTTP export.", "/v1/traces");
        var policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the collector; it acts on `requestHeaderModifier`, and on `backendTLS` without settings.", "{}");
        var tracing = new TracingSnapshot
        {
            Endpoint = Endpoint(target, policies, protocol, path),
            Headers = Headers(r, policies),
            Protocol = protocol,
            Target = target,
            Policies = policies,
            Attributes = r.Map("attributes", Expression.Shape, "Attributes to add, in order.", "user", "jwt.sub"),
            Resources = r.Map("resources", Expression.Shape, "Resource attributes, evaluated once without a request.", "deployment.environment", "'\"prod\"'"),
            Remove = r.Texts("remove", "Attributes to leave out.", "[http.version]"),
            RandomSampling = r.Optional("randomSampling", SamplingShape.Shape, "Decision for requests without trace context: boolean, probability or expression; false by default.", "true"),
            ClientSampling = r.Optional("clientSampling", SamplingShape.Shape, "Decision for requests whose trace context is sampled; true by default.", "0.5"),
            ParentNotSampled = r.Optional("parentNotSampled", SamplingShape.Shape, "Decision for requests whose trace context is not sampled; an explicit `clientSampling` by default, else false.", "false"),
            Filter = r.Optional("filter", Expression.Shape, "Keeps the spans of requests for which it holds.", "response.code >= 400"),
        };
        return tracing;
    }

    // Of the policies of the connection, the exporter acts on headers and on plain TLS.
    private static EquatableMap<Secret> Headers(ObjectReader r, EquatableArray<PolicySnapshot> policies)
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
                    r.Context.NotSupportedYet(r.At("policies").Key(KeyOf(policy)), "the exporter of traces does not act on it");
                    break;
            }
        }

        return new EquatableMap<Secret>(headers, StringComparer.OrdinalIgnoreCase);
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

    // The address of a plain host; a named backend or a service gives only scheme and path here.
    private static Uri Endpoint(BackendReference target, EquatableArray<PolicySnapshot> policies, OtlpProtocol protocol, string path)
    {
        var scheme = target.Tls || policies.Any(static p => p is BackendTls) ? "https" : "http";
        var authority = target.Host is { UnixPath: null } host ? host.ToString() : "backend";
        var suffix = protocol == OtlpProtocol.Grpc ? "/" : path.StartsWith('/') ? path : "/" + path;
        return Uri.TryCreate($"{scheme}://{authority}{suffix}", UriKind.Absolute, out var uri) ? uri : new Uri("http://backend/");
    }
}
