using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Passes requests and responses through an external processor (Envoy ext_proc over gRPC).</summary>
public sealed record ExtProc : PolicySnapshot
{
    internal static Shape<ExtProc> Shape { get; } = Shapes.Object("ExtProc", "Passes requests and responses through an external processor (Envoy ext_proc over gRPC).", Read);

    internal static Shape<PolicySnapshot> ConditionalShape { get; } = Conditional.Shape("ExtProc", "Passes requests and responses through an external processor (Envoy ext_proc over gRPC).", Shape, Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to the processor.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>What happens when the processor cannot be asked.</summary>
    public FailureMode FailureMode { get; init; }

    /// <summary>Metadata by namespace and name.</summary>
    public EquatableMap<EquatableMap<Expression>> MetadataContext { get; init; } = EquatableMap<EquatableMap<Expression>>.Empty;

    /// <summary>Attributes sent with requests.</summary>
    public EquatableMap<Expression> RequestAttributes { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Attributes sent with responses.</summary>
    public EquatableMap<Expression> ResponseAttributes { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>What the processor sees.</summary>
    public ExtProcOptions? ProcessingOptions { get; init; }

    private static ExtProc Read(ObjectReader r) => new()
    {
        Target = BackendReference.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the processor.", "{}"),
        FailureMode = r.Value("failureMode", EnumShapes.FailureModeWords, FailureMode.FailClosed, "What happens when the processor cannot be asked.", "failClosed"),
        MetadataContext = r.Map("metadataContext", Shapes.Map(Expression.Shape), "Metadata by namespace and name.", "envoy.filters", "{envoy.filters: {user: jwt.sub}}"),
        RequestAttributes = r.Map("requestAttributes", Expression.Shape, "Attributes sent with requests.", "path", "request.path"),
        ResponseAttributes = r.Map("responseAttributes", Expression.Shape, "Attributes sent with responses.", "code", "response.code"),
        ProcessingOptions = r.Optional("processingOptions", ExtProcOptions.Shape, "What the processor sees."),
    };
}
