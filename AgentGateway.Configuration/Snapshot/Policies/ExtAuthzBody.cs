namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>How much of the body the service sees.</summary>
public sealed record ExtAuthzBody
{
    /// <summary>Most bytes that are sent.</summary>
    public int MaxRequestBytes { get; init; }

    /// <summary>Send the start of a longer body instead of refusing it.</summary>
    public bool AllowPartialMessage { get; init; }

    /// <summary>Send the body as bytes, not as text.</summary>
    public bool PackAsBytes { get; init; }
}
