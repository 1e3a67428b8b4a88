namespace AgentGateway.Configuration.Snapshot.Policies;

/// <summary>What an authentication policy does with requests that carry no valid credential.</summary>
public enum AuthenticationMode
{
    /// <summary>A missing credential passes without identity, an invalid one is refused.</summary>
    Optional,

    /// <summary>A missing or invalid credential is refused.</summary>
    Strict,

    /// <summary>Nothing is refused: without a valid credential the request passes without identity.</summary>
    Permissive,
}
