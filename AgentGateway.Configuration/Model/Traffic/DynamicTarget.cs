using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Model.Traffic;

/// <summary>A backend that the request names.</summary>
/// <param name="Target">Expression that gives <c>host</c> or <c>host:port</c>; the request's authority when null.</param>
internal sealed record DynamicTarget(Expression? Target)
{
    public static Shape<DynamicTarget> Shape { get; } = Shapes.Object("DynamicBackend", "A backend that the request names.", static r =>
        new DynamicTarget(r.Optional("target", Expression.Shape, "Expression that gives `host` or `host:port`; the request's authority by default.", "request.headers[\"x-target\"]")));
}
