using AgentGateway.Configuration.Reading;

namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Sends requests with the same value to the same endpoint.</summary>
public sealed record SessionAffinity : PolicySnapshot
{
    internal static Shape<SessionAffinity> Shape { get; } = Shapes.Object("SessionAffinity", "Sends requests with the same value to the same endpoint.", Read);

    /// <summary>Expression whose value is hashed.</summary>
    public required Expression Source { get; init; }

    private static SessionAffinity Read(ObjectReader r) => new()
    {
        Source = r.Required("source", Expression.Shape, "Expression whose value is hashed.", "request.headers[\"x-session\"]"),
    };
}
