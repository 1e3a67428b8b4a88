using AgentGateway.Configuration.Model.Policies;
using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Asks a rate limit service (Envoy RLS v3 over gRPC), or a Redis server that replicas share.</summary>
public sealed record RemoteRateLimit : PolicySnapshot
{
    internal static Shape<RemoteRateLimit> Shape { get; } = Shapes.Object("RemoteRateLimit", "Asks a rate limit service (Envoy RLS v3 over gRPC), or a Redis server that replicas share.", Read);

    internal static Shape<PolicySnapshot> ConditionalShape { get; } = Conditional.Shape("RemoteRateLimit", "Asks a rate limit service (Envoy RLS v3 over gRPC), or a Redis server that replicas share.", Shape, Read);

    /// <summary>Domain of the descriptors.</summary>
    public required string Domain { get; init; }

    /// <summary>The rate limit service, or the Redis server.</summary>
    public required RateLimitTarget Target { get; init; }

    /// <summary>Policies of the connection to the service.</summary>
    public EquatableArray<PolicySnapshot> Policies { get; init; } = [];

    /// <summary>What requests are counted by.</summary>
    public required EquatableArray<RateLimitDescriptor> Descriptors { get; init; }

    /// <summary>What happens when the service cannot be asked: 500, or the request goes on.</summary>
    public FailureMode FailureMode { get; init; }

    private static RemoteRateLimit Read(ObjectReader r) => new()
    {
        Domain = r.Required("domain", Shapes.NonEmptyText, "Domain of the descriptors.", "agentgateway"),
        Target = RateLimitTarget.ReadInline(r),
        Policies = r.Value("policies", PolicySetShapes.Target, [], "Policies of the connection to the service.", "{}"),
        Descriptors = r.Required("descriptors", Shapes.List(RateLimitDescriptor.Shape), "What requests are counted by."),
        FailureMode = r.Value("failureMode", EnumShapes.FailureModeWords, FailureMode.FailClosed, "What happens when the service cannot be asked: 500, or the request goes on.", "failClosed", "failClosed"),
    };
}
