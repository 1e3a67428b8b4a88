using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Llm;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model.Llm;

/// <summary>The short form of one LLM endpoint as written.</summary>
internal sealed record LlmSection
{
    private static readonly Shape<(EquatableArray<PolicySnapshot> Gateway, LlmPolicies Llm)> PoliciesShape = Shapes.Object("LlmSectionPolicies", "Policies of the LLM endpoint.", static r =>
        (r.Spread("GatewayPolicies", static g => PolicySetShapes.Read(g, PolicySetShapes.GatewayKeys)), LlmPolicies.Read(r)));

    public static Shape<LlmSection> Shape { get; } = Shapes.Object("Llm", "One LLM endpoint on a port of its own or on a gateway.", static r =>
    {
        var policies = r.OptionalValue("policies", PoliciesShape, "Policies of the endpoint.");
        var section = new LlmSection
        {
            At = r.Location,
            PortAt = r.At("port"),
            Gateways = AttachedRoute.ReadGateways(r),
            Port = r.OptionalValue("port", Shapes.Port, "Own port; 4000 when there is no gateway to attach to.", "4000", "4000"),
            Tls = r.Optional("tls", ServerTlsShape.Shape, "Certificates of the own port.", "{cert: certs/cert.pem, key: certs/key.pem}"),
            HasTls = r.IsSet("tls"),
            Providers = r.List("providers", LlmProvider.Shape.Located(), "Providers that models refer to."),
            Models = r.Required("models", Shapes.List(LlmModel.Shape.Located()), "Models that clients may ask for."),
            VirtualModels = r.List("virtualModels", LlmVirtualModel.Shape.Located(), "Names that stand for other models."),
            GatewayPolicies = policies?.Gateway ?? [],
            Policies = policies?.Llm ?? new LlmPolicies(),
        };
        if (r.IsSet("gateways") && (r.IsSet("port") || r.IsSet("tls")))
        {
            r.Error("gateways", "llm.gateways cannot be used with llm.port or llm.tls; remove one of them");
        }

        return section;
    });

    public required SourceLocation At { get; init; }

    public required SourceLocation PortAt { get; init; }

    public EquatableArray<Located<string>>? Gateways { get; init; }

    public int? Port { get; init; }

    public ServerTls? Tls { get; init; }

    public bool HasTls { get; init; }

    public EquatableArray<Located<LlmProvider>> Providers { get; init; }

    public EquatableArray<Located<LlmModel>> Models { get; init; }

    public EquatableArray<Located<LlmVirtualModel>> VirtualModels { get; init; }

    public EquatableArray<PolicySnapshot> GatewayPolicies { get; init; } = [];

    public LlmPolicies Policies { get; init; } = new();
}
