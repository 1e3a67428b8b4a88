using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>One external check over gRPC.</summary>
public sealed record McpGuardrailProcessor
{
    internal static Shape<McpGuardrailProcessor> Shape { get; } = Shapes.Object("McpGuardrailProcessor", "One external check over gRPC.", Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Methods that are checked: exact, <c>prefix/*</c>, <c>*suffix</c> or <c>*</c>.</summary>
    public EquatableMap<McpGuardrailPhase> Methods { get; init; } = EquatableMap<McpGuardrailPhase>.Empty;

    /// <summary>Policies of the connection to the service.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>What happens when the service cannot be asked.</summary>
    public FailureMode FailureMode { get; init; }

    /// <summary>Metadata sent along.</summary>
    public EquatableMap<Expression> Metadata { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Headers that the service sees.</summary>
    public HeaderFilter? RequestHeaders { get; init; }

    private static McpGuardrailProcessor Read(ObjectReader r)
    {
        r.Required("kind", Shapes.Enum(("remote", true)), "Kind of check.");
        var v = new McpGuardrailProcessor
        {
            Target = BackendReference.ReadInline(r),
            Methods = r.Map("methods", EnumShapes.McpGuardrailPhaseWords, "Methods that are checked: exact, `prefix/*`, `*suffix` or `*`.", "tools/call", "full"),
            Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the service.", "{}"),
            FailureMode = r.Value("failureMode", EnumShapes.FailureModeWords, FailureMode.FailClosed, "What happens when the service cannot be asked.", "failClosed"),
            Metadata = r.Map("metadata", Expression.Shape, "Metadata sent along.", "user", "jwt.sub"),
            RequestHeaders = r.Optional("requestHeaders", HeaderFilter.Shape, "Headers that the service sees."),
        };
        return v;
    }
}
