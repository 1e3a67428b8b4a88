using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Frontend;

/// <summary>Export of access logs over OTLP.</summary>
public sealed record OtlpLog
{
    internal static Shape<OtlpLog> Shape { get; } = Shapes.Object("OtlpLog", "Export of access logs over OTLP.", Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to the collector.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>Keeps the records for which it holds; that of the access log by default.</summary>
    public Expression? Filter { get; init; }

    /// <summary>Fields of the records; those of the access log by default.</summary>
    public OtlpLogFields? Fields { get; init; }

    /// <summary>Wire protocol.</summary>
    public OtlpWireProtocol Protocol { get; init; }

    /// <summary>Path of an HTTP export; <c>/v1/logs</c> by default.</summary>
    public string? Path { get; init; }

    private static OtlpLog Read(ObjectReader r) => new()
    {
        Target = BackendReference.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the collector.", "{}"),
        Filter = r.Optional("filter", Expression.Shape, "Keeps the records for which it holds; that of the access log by default.", "response.code >= 400"),
        Fields = r.Optional("fields", OtlpLogFields.Shape, "Fields of the records; those of the access log by default."),
        Protocol = r.Value("protocol", EnumShapes.OtlpWireProtocolWords, OtlpWireProtocol.Grpc, "Wire protocol.", "grpc"),
        Path = r.Optional("path", Shapes.Text, "Path of an HTTP export; `/v1/logs` by default.", "/v1/logs"),
    };
}
