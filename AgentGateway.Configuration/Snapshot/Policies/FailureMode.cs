namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What happens when a helper service cannot be asked.</summary>
public enum FailureMode
{
    /// <summary>The request fails.</summary>
    FailClosed,

    /// <summary>The request goes on.</summary>
    FailOpen,
}
