using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How an external authorization service is asked. One of the two is set.</summary>
/// <param name="Grpc">Envoy's gRPC protocol.</param>
/// <param name="Http">A plain HTTP request.</param>
public sealed record ExtAuthzProtocol(ExtAuthzGrpc? Grpc, ExtAuthzHttp? Http)
{
    internal static Shape<ExtAuthzProtocol> Shape { get; } = Shapes.Object("ExtAuthzProtocol", "How the service is asked.", static r =>
    {
        var protocol = new ExtAuthzProtocol(
            r.Optional("grpc", ExtAuthzGrpc.Shape, "Envoy's gRPC protocol.", "{}"),
            r.Optional("http", ExtAuthzHttp.Shape, "A plain HTTP request.", "{}"));
        r.ExactlyOne("grpc", "http");
        return protocol;
    });
}
