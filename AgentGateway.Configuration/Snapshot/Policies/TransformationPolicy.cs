namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Changes requests and responses by expressions.</summary>
public sealed record TransformationPolicy : PolicySnapshot
{

    /// <summary>Changes of the request.</summary>
    public Transformation? Request { get; init; }

    /// <summary>Changes of the response.</summary>
    public Transformation? Response { get; init; }

}
