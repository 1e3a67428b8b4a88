namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What happens to requests without valid credentials.</summary>
public enum BasicAuthenticationMode
{
    /// <summary>Absent credentials pass, invalid ones are refused with 401.</summary>
    Optional,

    /// <summary>Absent and invalid credentials are refused with 401.</summary>
    Strict,
}
