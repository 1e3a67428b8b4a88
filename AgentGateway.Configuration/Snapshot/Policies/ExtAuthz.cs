using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Asks an external service whether a request may pass.</summary>
public sealed record ExtAuthz : PolicySnapshot
{
    internal static Shape<ExtAuthz> Shape { get; } = Shapes.Object("ExtAuthz", "Asks an external service whether a request may pass.", Read);

    internal static Shape<PolicySnapshot> ConditionalShape { get; } = Conditional.Shape("ExtAuthz", "Asks an external service whether a request may pass.", Shape, Read);

    /// <summary>The service that is asked.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Policies of the connection to the service.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>How the service is asked; Envoy's gRPC by default.</summary>
    public ExtAuthzProtocol? Protocol { get; init; }

    /// <summary>What happens when the service cannot be asked; <c>deny</c> by default.</summary>
    public ExtAuthzFailureMode? FailureMode { get; init; }

    /// <summary>Headers that the service sees.</summary>
    public EquatableArray<string>? IncludeRequestHeaders { get; init; }

    /// <summary>How much of the body the service sees.</summary>
    public ExtAuthzBody? IncludeRequestBody { get; init; }

    /// <summary>Keeps answers.</summary>
    public ExtAuthzCache? Cache { get; init; }

    private static ExtAuthz Read(ObjectReader r) => new()
    {
        Target = BackendReference.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the service.", "{}"),
        Protocol = r.Optional("protocol", ExtAuthzProtocol.Shape, "How the service is asked; Envoy's gRPC by default.", "{grpc: {}}"),
        FailureMode = r.Optional("failureMode", ExtAuthzFailureMode.Shape, "What happens when the service cannot be asked; `deny` by default.", "deny"),
        IncludeRequestHeaders = r.OptionalValue("includeRequestHeaders", Shapes.List(HeaderShapes.Name), "Headers that the service sees.", "[\"authorization\"]"),
        IncludeRequestBody = r.Optional("includeRequestBody", ExtAuthzBody.Shape, "How much of the body the service sees."),
        Cache = r.Optional("cache", ExtAuthzCache.Shape, "Keeps answers."),
    };
}
