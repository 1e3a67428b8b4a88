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
        var policies = r.Value("policies", PolicySetShapes.Target, [], CollectorTarget.PoliciesText, "{}");
        var tracing = new TracingSnapshot
        {
            Endpoint = CollectorTarget.Endpoint(target, policies, protocol, path),
            Headers = CollectorTarget.Headers(r, policies, "traces"),
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
}
