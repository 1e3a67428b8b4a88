namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How an external authorization service is asked. One of the two is set.</summary>
/// <param name="Grpc">Envoy's gRPC protocol.</param>
/// <param name="Http">A plain HTTP request.</param>
public sealed record ExtAuthzProtocol(ExtAuthzGrpc? Grpc, ExtAuthzHttp? Http);
