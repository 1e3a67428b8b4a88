using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>An HTTP route that attaches to gateways.</summary>
/// <param name="Route">The route.</param>
/// <param name="Gateways">Names of gateways, or <c>gateway/listener</c>; null when the default one is meant.</param>
internal sealed record AttachedRoute(Route Route, EquatableArray<Located<string>>? Gateways)
{
    public static Shape<EquatableArray<Located<string>>> GatewaysShape { get; } = Shapes.ByKind(
        scalar: Shapes.NonEmptyText.Located().As(static name => (EquatableArray<Located<string>>)[name]),
        list: Shapes.List(Shapes.NonEmptyText.Located()));

    public static Shape<AttachedRoute> Shape { get; } = Shapes.Object("AttachedRoute", "An HTTP route that attaches to gateways.", static r =>
    {
        var gateways = ReadGateways(r);
        return new AttachedRoute(Route.Read(r), gateways);
    });

    public static EquatableArray<Located<string>>? ReadGateways(ObjectReader r) =>
        r.OptionalValue("gateways", GatewaysShape, "Gateway, `gateway/listener`, or a list of these; the gateway called `default` when absent.", "default") is { IsEmpty: false } gateways
            ? gateways
            : null;
}
