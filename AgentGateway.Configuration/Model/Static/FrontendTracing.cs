using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot;

namespace AgentGateway.Configuration.Model.Static;

/// <summary>The <c>frontendPolicies.tracing</c> section.</summary>
internal static class FrontendTracing
{
    public static Shape<TracingSnapshot> Shape { get; } = Shapes.Object("Tracing", "Export of request traces over OTLP.", Read);

    private static TracingSnapshot Read(ObjectReader r)
    {
        var collector = CollectorTarget.Read(r, "traces", "/v1/traces");
        return new TracingSnapshot
        {
            Target = collector.Target,
            Protocol = collector.Protocol,
            Endpoint = collector.Endpoint,
            Headers = collector.Headers,
            Policies = collector.Policies,
            Attributes = r.Map("attributes", Expression.Shape, "Attributes to add, in order.", "user", "jwt.sub"),
            Resources = r.Map("resources", Expression.Shape, "Resource attributes, evaluated once without a request.", "deployment.environment", "'\"prod\"'"),
            Remove = r.Texts("remove", "Attributes to leave out.", "[http.version]"),
            RandomSampling = r.Optional("randomSampling", SamplingShape.Shape, "Decision for requests without trace context: boolean, probability or expression; false by default.", "true"),
            ClientSampling = r.Optional("clientSampling", SamplingShape.Shape, "Decision for requests whose trace context is sampled; true by default.", "0.5"),
            ParentNotSampled = r.Optional("parentNotSampled", SamplingShape.Shape, "Decision for requests whose trace context is not sampled; an explicit `clientSampling` by default, else false.", "false"),
            Filter = r.Optional("filter", Expression.Shape, "Keeps the spans of requests for which it holds.", "response.code >= 400"),
        };
    }
}
