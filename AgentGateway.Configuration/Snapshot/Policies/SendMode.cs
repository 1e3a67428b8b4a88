namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>Whether headers or trailers reach an external processor.</summary>
public enum SendMode
{
    /// <summary>Sent.</summary>
    Send,

    /// <summary>Not sent.</summary>
    Skip,
}
