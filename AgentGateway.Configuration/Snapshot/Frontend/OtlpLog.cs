using AgentGateway.Configuration.Model.Static;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>Export of access logs over OTLP.</summary>
public sealed record OtlpLog
{
    internal static Shape<OtlpLog> Shape { get; } = Shapes.Object("OtlpLog", "Export of access logs over OTLP.", Read);

    /// <summary>The collector.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Keeps the records for which it holds; that of the access log by default.</summary>
    public Expression? Filter { get; init; }

    /// <summary>Fields of the records; those of the access log by default.</summary>
    public OtlpLogFields? Fields { get; init; }

    /// <summary>Wire protocol; gRPC by default.</summary>
    public OtlpProtocol Protocol { get; init; } = OtlpProtocol.Grpc;

    /// <summary>Address records are posted to: for gRPC scheme and authority, for HTTP the full URL.</summary>
    public required Uri Endpoint { get; init; }

    /// <summary>Headers (gRPC: metadata) sent with each export. Names compare without case.</summary>
    public EquatableMap<Secret> Headers { get; init; } = EquatableMap<Secret>.Empty;

    private static OtlpLog Read(ObjectReader r)
    {
        var collector = CollectorTarget.Read(r, "logs", "/v1/logs");
        return new OtlpLog
        {
            Target = collector.Target,
            Protocol = collector.Protocol,
            Endpoint = collector.Endpoint,
            Headers = collector.Headers,
            Filter = r.Optional("filter", Expression.Shape, "Keeps the records for which it holds; that of the access log by default.", "response.code >= 400"),
            Fields = r.Optional("fields", OtlpLogFields.Shape, "Fields of the records; those of the access log by default."),
        };
    }
}
