namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>Wire protocol of an OTLP export.</summary>
public enum OtlpWireProtocol
{
    /// <summary>Unary gRPC.</summary>
    Grpc,

    /// <summary>HTTP POST of protobuf.</summary>
    Http,
}
