using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>What a policy applies to. Exactly one is set.</summary>
/// <param name="Gateway">A gateway, one of its listeners, or a port of it.</param>
/// <param name="Route">A route, or one rule of it.</param>
/// <param name="Backend">A named backend.</param>
/// <param name="Service">A service.</param>
/// <param name="ListenerSet">True for a set of listeners, which only exists in clusters.</param>
internal sealed record PolicyTarget(GatewayTarget? Gateway, RouteTarget? Route, BackendTarget? Backend, ServiceTarget? Service, bool ListenerSet)
{
    private static readonly Shape<(BackendTarget? Backend, ServiceTarget? Service)> BackendOrService = Shapes.Object("PolicyBackendTarget", "A named backend or a service.", static r =>
    {
        var backend = r.Optional("backend", BackendTarget.Shape, "A named backend.");
        var service = r.Optional("service", ServiceTarget.Shape, "A service.");
        r.ExactlyOne("backend", "service");
        return (backend, service);
    });

    private static readonly Shape<string> Set = Shapes.Object("PolicyListenerSetTarget", "A set of listeners of a cluster.", static r =>
    {
        var name = r.RequiredText("name", "Name of the set.", "shared");
        r.RequiredText("namespace", "Its namespace.", "default");
        r.Text("section", "One listener of it.", "web");
        return name;
    });

    public static Shape<PolicyTarget> Shape { get; } = Shapes.Object("PolicyTarget", "What a policy applies to; exactly one.", static r =>
    {
        var gateway = r.Optional("gateway", GatewayTarget.Shape, "A gateway, one of its listeners, or a port of it.", "{gatewayName: default, gatewayNamespace: default}");
        var route = r.Optional("route", RouteTarget.Shape, "A route, or one rule of it.", "{name: route0, namespace: default}");
        var backend = r.OptionalValue("backend", BackendOrService, "A named backend or a service.", "{backend: {name: shared, namespace: default}}");
        var set = r.Optional("listenerSet", Set, "A set of listeners of a cluster.", "{name: shared, namespace: default}");
        r.ExactlyOne("gateway", "route", "backend", "listenerSet");
        return new PolicyTarget(gateway, route, backend?.Backend, backend?.Service, set is not null);
    });
}

/// <summary>A gateway, one of its listeners, or a port of it.</summary>
/// <param name="Name">Gateway.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Listener">One listener, if named.</param>
/// <param name="Port">One port, if given.</param>
internal sealed record GatewayTarget(string Name, string Namespace, string? Listener, int? Port)
{
    public static Shape<GatewayTarget> Shape { get; } = Shapes.Object("PolicyGatewayTarget", "A gateway, one of its listeners, or a port of it.", static r =>
    {
        var target = new GatewayTarget(
            r.RequiredText("gatewayName", "Gateway; `default` outside of clusters.", "default"),
            r.RequiredText("gatewayNamespace", "Its namespace; `default` outside of clusters.", "default"),
            r.Optional("listenerName", Shapes.NonEmptyText, "One listener.", "listener0"),
            r.OptionalValue("port", Shapes.Int(1, 65535, "3000"), "One port."));
        if (target is { Listener: not null, Port: not null })
        {
            r.Error("port", "gateway policy target cannot set both listenerName and port; remove one of the two");
        }

        return target;
    });
}

/// <summary>A route, or one rule of it.</summary>
/// <param name="Name">Route.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="RuleName">One rule, if named.</param>
internal sealed record RouteTarget(string Name, string Namespace, string? RuleName)
{
    public static Shape<RouteTarget> Shape { get; } = Shapes.Object("PolicyRouteTarget", "A route, or one rule of it.", static r =>
    {
        var target = new RouteTarget(
            r.RequiredText("name", "Route.", "route0"),
            r.RequiredText("namespace", "Its namespace.", "default"),
            r.Optional("ruleName", Shapes.NonEmptyText, "One rule of it.", "rule0"));
        r.Text("kind", "Kind of route; without effect here.", "HTTPRoute");
        return target;
    });
}

/// <summary>A named backend.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Namespace">Its namespace; empty outside of clusters.</param>
/// <param name="Section">One MCP target or LLM provider of it, if named.</param>
internal sealed record BackendTarget(string Name, string Namespace, string? Section)
{
    public static Shape<BackendTarget> Shape { get; } = Shapes.Object("PolicyNamedBackend", "A named backend.", static r => new BackendTarget(
        r.RequiredText("name", "Its name.", "shared"),
        r.Required("namespace", Shapes.Text, "Its namespace.", "default"),
        r.Optional("section", Shapes.NonEmptyText, "One MCP target or LLM provider of it.", "everything")));
}

/// <summary>A service of the registry.</summary>
/// <param name="Hostname">Its host name.</param>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Port">One port, if given.</param>
internal sealed record ServiceTarget(string Hostname, string Namespace, int? Port)
{
    public static Shape<ServiceTarget> Shape { get; } = Shapes.Object("PolicyServiceTarget", "A service of the registry.", static r => new ServiceTarget(
        r.RequiredText("hostname", "Its host name.", "my-service"),
        r.RequiredText("namespace", "Its namespace.", "default"),
        r.OptionalValue("port", Shapes.Int(1, 65535, "8080"), "One port.")));
}
