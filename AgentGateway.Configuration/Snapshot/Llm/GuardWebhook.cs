using AgentGateway.Configuration.Model.Traffic;
using AgentGateway.Configuration.Reading;
using AgentGateway.Configuration.Snapshot.Policies;

namespace AgentGateway.Configuration.Snapshot.Llm;

/// <summary>A guard that is a service of one's own.</summary>
public sealed record GuardWebhook
{
    internal static Shape<GuardWebhook> Shape { get; } = Shapes.Object("GuardWebhook", "A guard that is a service of one's own.", Read);

    /// <summary>The service.</summary>
    public required BackendReference Target { get; init; }

    /// <summary>Headers of the call, by expression.</summary>
    public EquatableMap<Expression> Headers { get; init; } = EquatableMap<Expression>.Empty;

    /// <summary>Request headers that are passed on.</summary>
    public EquatableArray<HeaderMatchSnapshot> ForwardHeaderMatches { get; init; } = [];

    /// <summary>What happens when it cannot be asked.</summary>
    public FailureMode FailureMode { get; init; }

    private static GuardWebhook Read(ObjectReader r) => new()
    {
        Target = r.Required("target", BackendReference.Shape, "The service.", "{host: \"localhost:9000\"}"),
        Headers = r.HeaderMap("headers", Expression.Shape, "Headers of the call, by expression.", "x-user", "jwt.sub"),
        ForwardHeaderMatches = r.List("forwardHeaderMatches", TrafficShapes.HeaderMatch, "Request headers that are passed on."),
        FailureMode = r.Value("failureMode", EnumShapes.FailureModeWords, FailureMode.FailClosed, "What happens when it cannot be asked.", "failClosed"),
    };
}
