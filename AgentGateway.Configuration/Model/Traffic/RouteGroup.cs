using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A set of routes that other routes delegate to, as written.</summary>
/// <param name="NameAt">Where its name stands.</param>
/// <param name="Name">Its name.</param>
/// <param name="Routes">Its routes.</param>
internal sealed record RouteGroup(SourceLocation NameAt, string Name, EquatableArray<Route> Routes)
{
    public static Shape<RouteGroup> Shape { get; } = Shapes.Object("RouteGroup", "A set of routes that other routes delegate to.", static r => new RouteGroup(
        r.At("name"),
        r.RequiredText("name", "Name; backends refer to it as `routeGroup`.", "team-a"),
        r.Required("routes", Shapes.List(Route.Shape), "Routes of the set.")));
}
