using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Model;

/// <summary>The admin page behind a gateway.</summary>
/// <param name="At">Where it stands.</param>
/// <param name="Gateways">Gateways that it attaches to; null when the default one is meant.</param>
/// <param name="Policies">Its policies.</param>
internal sealed record UiSection(SourceLocation At, EquatableArray<Located<string>>? Gateways, EquatableArray<PolicySnapshot> Policies)
{
    public static Shape<UiSection> Shape { get; } = Shapes.Object("Ui", "The admin page behind a gateway.", static r => new UiSection(
        r.Location,
        AttachedRoute.ReadGateways(r),
        r.Value("policies", PolicySetShapes.Ui, [], "Who may use it.", "{}")));
}
