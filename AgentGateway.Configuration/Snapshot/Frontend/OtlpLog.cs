using AgentGateway.Configuration.Model.Policies;
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
        var target = BackendReference.ReadInline(r);
        if (target.Service is not null)
        {
            r.NotSupportedYet("service");
        }

        var protocol = r.Value("protocol", TracingShape.Protocol, OtlpProtocol.Grpc, "Wire protocol.", "grpc");
        var path = r.Value("path", Shapes.NonEmptyText, "/v1/logs", "Path of an HTTP export.", "/v1/logs");
        var policies = r.Value("policies", PolicySetShapes.Target, [], CollectorTarget.PoliciesText, "{}");
        return new OtlpLog
        {
            Target = target,
            Protocol = protocol,
            Endpoint = CollectorTarget.Endpoint(target, policies, protocol, path),
            Headers = CollectorTarget.Headers(r, policies, "logs"),
            Filter = r.Optional("filter", Expression.Shape, "Keeps the records for which it holds; that of the access log by default.", "response.code >= 400"),
            Fields = r.Optional("fields", OtlpLogFields.Shape, "Fields of the records; those of the access log by default."),
        };
    }
}
